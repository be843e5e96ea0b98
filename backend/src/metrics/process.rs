//! The program, and the process that it is.

use prometheus::core::{Collector, Desc};
use prometheus::process_collector::ProcessCollector;
use prometheus::proto::MetricFamily;
use prometheus::{Gauge, IntGaugeVec, Opts, Registry};

use crate::clock::Timestamp;

const START: &str = "process_start_time_seconds";

pub(super) fn register(registry: &Registry, started: Timestamp) -> prometheus::Result<()> {
    let build = IntGaugeVec::new(Opts::new("rekey_build_info", "Always 1; tells the version."), &["version"])?;
    build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
    registry.register(Box::new(build))?;
    let start = Gauge::new(START, "When the process began, in seconds since 1970.")?;
    #[expect(clippy::cast_precision_loss, reason = "milliseconds are exact for 285,000 years")]
    start.set(started.and_utc().timestamp_millis() as f64 / 1000.0);
    registry.register(Box::new(start))?;
    registry.register(Box::new(Process(ProcessCollector::for_self())))
}

/// Without the start that it makes out of the machine's: a hardened service does not see when that was, and this would say
/// 1970.
struct Process(ProcessCollector);

impl Collector for Process {
    fn desc(&self) -> Vec<&Desc> {
        self.0.desc().into_iter().filter(|desc| desc.fq_name != START).collect()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        self.0.collect().into_iter().filter(|family| family.name() != START).collect()
    }
}
