/// What a session calls itself, as people call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Agent<'a> {
    /// A browser, and the system that it runs on.
    Browser(&'static str, Option<&'static str>),
    /// An app, or something that we do not know; in its own words.
    Other(&'a str),
}

/// Every browser names its ancestors: the first of these that is found is the youngest.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Android says that it is a Linux, and an iPhone that it is like a Mac.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

impl<'a> Agent<'a> {
    pub(super) fn of(user_agent: &'a str) -> Self {
        let find = |names: &[(&str, &'static str)]| {
            names.iter().find(|(sign, _)| user_agent.contains(sign)).map(|(_, name)| *name)
        };
        match find(&BROWSERS) {
            // Chrome on an iPhone names only Safari beside itself.
            Some("Safari") if user_agent.contains("CriOS/") => Self::Browser("Chrome", find(&SYSTEMS)),
            Some(browser) if user_agent.starts_with("Mozilla/") => Self::Browser(browser, find(&SYSTEMS)),
            _ => Self::Other(user_agent.trim()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Agent::{self, Browser, Other};

    #[test]
    fn browsers_are_called_by_their_names_and_apps_by_their_own_words() {
        for (text, agent) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                Browser("Firefox", Some("Linux")),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
                Browser("Chrome", Some("Windows")),
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
                Browser("Edge", Some("Windows")),
            ),
            (
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
                Browser("Chrome", Some("Android")),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile/15E148 Safari/604.1",
                Browser("Chrome", Some("iPhone")),
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15",
                Browser("Safari", Some("macOS")),
            ),
            ("Assistance/3.1 (build 7)", Other("Assistance/3.1 (build 7)")),
            ("curl/8.14.1", Other("curl/8.14.1")),
            ("", Other("")),
        ] {
            assert_eq!(Agent::of(text), agent, "{text}");
        }
    }
}
