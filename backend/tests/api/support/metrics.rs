//! What the monitoring reads.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::{Client, Method, Response, StatusCode};

/// Free a moment ago: good enough for a port that only this test asks for.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The listener for the monitoring.
pub struct MetricsPage {
    base: String,
    client: Client,
}

impl MetricsPage {
    pub fn on(port: u16) -> Self {
        let client = Client::builder().timeout(super::PATIENCE).build().unwrap();
        Self { base: format!("http://127.0.0.1:{port}"), client }
    }

    pub async fn asks(&self, method: Method, path: &str) -> Response {
        self.client.request(method, format!("{}{path}", self.base)).send().await.unwrap()
    }

    /// The page as it is now, if there is an answer.
    pub async fn read_if_there(&self) -> Option<Metrics> {
        let answer = self.client.get(format!("{}/metrics", self.base)).send().await.ok()?;
        assert_eq!(answer.status(), StatusCode::OK);
        Some(Metrics::parse(answer.text().await.ok()?))
    }

    pub async fn read(&self) -> Metrics {
        self.read_if_there().await.expect("an answer of the monitoring")
    }

    /// Waits until one number is this.
    pub async fn becomes(&self, series: &str, number: i64) -> Metrics {
        self.becomes_such(series, |value| value == number).await
    }

    pub async fn becomes_such(&self, series: &str, is_such: impl Fn(i64) -> bool) -> Metrics {
        super::eventually(&format!("the right {series}"), async || {
            let metrics = self.read_if_there().await?;
            metrics.find(series).is_some_and(&is_such).then_some(metrics)
        })
        .await
    }
}

/// One reading. A series is written as in the text: `name{label="value"}`.
pub struct Metrics {
    pub text: String,
    series: BTreeMap<String, i64>,
}

impl Metrics {
    fn parse(text: String) -> Self {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        let series = lines
            .map(|line| {
                let (series, number) = line.rsplit_once(' ').expect("a series and a number");
                (series.to_owned(), whole(number))
            })
            .collect();
        Self { text, series }
    }

    pub fn find(&self, series: &str) -> Option<i64> {
        self.series.get(series).copied()
    }

    pub fn value(&self, series: &str) -> i64 {
        self.find(series).unwrap_or_else(|| panic!("no {series} in\n{}", self.text))
    }

    /// The counters that are others than before, with how much more they count; those that merely measure time are left out.
    pub fn counted_since(&self, before: &Self) -> BTreeMap<&str, i64> {
        let is_counter = |series: &&String| {
            let name = series.split('{').next().unwrap();
            name.ends_with("_total") && !name.starts_with("process_")
        };
        let more = |series: &String| self.value(series) - before.find(series).unwrap_or(0);
        let counters = self.series.keys().filter(is_counter);
        counters.map(|series| (series.as_str(), more(series))).filter(|(_, more)| *more != 0).collect()
    }

    /// Each family with its labels, as the docs have them: a histogram's parts are one.
    pub fn families(&self) -> BTreeMap<String, BTreeSet<String>> {
        let kinds = self.text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        let mut families: BTreeMap<String, BTreeSet<String>> =
            kinds.map(|line| (line.split(' ').next().unwrap().to_owned(), BTreeSet::new())).collect();
        for series in self.series.keys() {
            let (name, labels) = series.split_once('{').unwrap_or((series, ""));
            let family = family_of(name, |family| families.contains_key(family)).expect("a family");
            let names = labels.split("\",").filter_map(|label| label.split_once('=')).map(|(name, _)| name.to_owned());
            families.get_mut(family).unwrap().extend(names.filter(|name| name != "le"));
        }
        families
    }
}

/// Counts are whole, and nobody asks for the fractions of seconds.
#[expect(clippy::cast_possible_truncation, reason = "they are cut on purpose")]
fn whole(number: &str) -> i64 {
    number.parse::<f64>().expect("a number") as i64
}

/// The family that a series' name belongs to.
pub fn family_of(name: &str, is_one: impl Fn(&str) -> bool) -> Option<&str> {
    if is_one(name) {
        return Some(name);
    }
    ["_bucket", "_sum", "_count"].iter().find_map(|part| name.strip_suffix(part)).filter(|family| is_one(family))
}
