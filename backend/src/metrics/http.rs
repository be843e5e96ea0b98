//! How long requests take, by the route of the table and never by the path that was asked for.

use std::cell::OnceCell;
use std::rc::Rc;
use std::time::Instant;

use actix_web::dev::ServiceResponse;
use actix_web::http::{Method, StatusCode};
use prometheus::{Histogram, HistogramOpts, HistogramVec, IntGauge, Registry};

/// Seconds.
const BUCKETS: [f64; 13] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// The route of pages, files and addresses that there are not.
const ELSEWHERE: &str = "other";

const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PATCH", "DELETE", "other"];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

pub(crate) struct Http {
    durations: HistogramVec,
    in_flight: IntGauge,
}

impl Http {
    pub(super) fn new(registry: &Registry) -> prometheus::Result<Self> {
        let durations = HistogramOpts::new(
            "rekey_http_request_duration_seconds",
            "How long requests took, up to the head of the answer.",
        );
        let http = Self {
            durations: HistogramVec::new(durations.buckets(BUCKETS.to_vec()), &["route", "method", "status"])?,
            in_flight: IntGauge::new("rekey_http_requests_in_flight", "Requests that are being answered.")?,
        };
        registry.register(Box::new(http.durations.clone()))?;
        registry.register(Box::new(http.in_flight.clone()))?;
        Ok(http)
    }

    /// A route, for one worker thread.
    pub(crate) fn route(&self, path: &'static str) -> Route {
        Route { path, durations: self.durations.clone(), known: Default::default() }
    }

    /// What stands before all routes of one worker thread.
    pub(crate) fn door(&self) -> Door {
        Door { in_flight: self.in_flight.clone(), elsewhere: Rc::new(self.route(ELSEWHERE)) }
    }
}

/// One route of the table. A histogram is made when its first request ends and then kept here, so that a request costs
/// neither text nor a lock.
pub(crate) struct Route {
    path: &'static str,
    durations: HistogramVec,
    known: [[OnceCell<Histogram>; CLASSES.len()]; METHODS.len()],
}

impl Route {
    fn observe(&self, method: usize, status: StatusCode, seconds: f64) {
        let class = usize::from(status.as_u16() / 100).clamp(1, CLASSES.len()) - 1;
        let make = || self.durations.with_label_values(&[self.path, METHODS[method], CLASSES[class]]);
        self.known[method][class].get_or_init(make).observe(seconds);
    }
}

fn number_of(method: &Method) -> usize {
    METHODS.iter().position(|name| *name == method.as_str()).unwrap_or(METHODS.len() - 1)
}

/// Where requests come in.
#[derive(Clone)]
pub(crate) struct Door {
    in_flight: IntGauge,
    elsewhere: Rc<Route>,
}

impl Door {
    /// Somebody has come in.
    pub(crate) fn enter(&self, method: &Method) -> Visit {
        self.in_flight.inc();
        Visit { door: self.clone(), method: number_of(method), since: Instant::now() }
    }
}

/// A request that is being answered. It is over also when it is dropped half-way.
pub(crate) struct Visit {
    door: Door,
    method: usize,
    since: Instant,
}

impl Visit {
    /// It was answered.
    pub(crate) fn end(&self, answer: &ServiceResponse) {
        let route = answer.request().app_data::<Route>().unwrap_or(&self.door.elsewhere);
        route.observe(self.method, answer.status(), self.since.elapsed().as_secs_f64());
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.door.in_flight.dec();
    }
}
