//! The operator's look: logo and accent, in pages and letters.

use std::process::Command;

use mail_parser::MimeHeaders as _;
use reqwest::{Method, Response, StatusCode};
use tempfile::TempDir;

use crate::support::Setup;
use crate::support::app::{App, assert_problem, json_of};
use crate::support::database::Kind;

const ANN: &str = "ann@example.com";
const WIDE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><path d="M0 0h120v40H0z"/></svg>"#;
const SQUARE: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox='0,0 32 32'><path d="M0 0h32v32H0z"/></svg>"#;

/// What a PNG begins and ends with; nothing here looks at the picture.
fn png(width: u32, height: u32) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", &size[..], b"\x08\x06\0\0\0\0\0\0\0\0\0\0\0IEND\xaeB`\x82"].concat()
}

async fn app_with(logo: &[u8], flags: &[&str]) -> (App, TempDir) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("logo");
    std::fs::write(&file, logo).unwrap();
    let logo = format!("--logo={}", file.display());
    (App::start_with(Kind::Sqlite, Setup::with(&[&[logo.as_str()], flags].concat())).await, folder)
}

async fn gets(app: &App, path: &str) -> Response {
    app.request(Method::GET, path).send().await.unwrap()
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).unwrap_or_else(|| panic!("no {name}")).to_str().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_look_of_its_own_it_is_rekeys() {
    let app = App::start(Kind::Sqlite).await;
    let sheet = gets(&app, "/brand.css").await;
    assert_eq!(
        (header(&sheet, "content-type"), header(&sheet, "cache-control")),
        ("text/css; charset=utf-8", "no-cache")
    );
    assert_eq!(sheet.text().await.unwrap().trim(), "");
    assert!(json_of(gets(&app, "/config.json").await, StatusCode::OK).await.get("logo").is_none());
    assert_problem(gets(&app, "/logo").await, 404, "not_found").await;
    let icon = gets(&app, "/icon").await;
    assert_eq!(header(&icon, "content-type"), "image/svg+xml");
    assert!(icon.text().await.unwrap().contains("#0f655e"));
    let wrong = app.request(Method::POST, "/icon").send().await.unwrap();
    assert_problem(wrong, 405, "method_not_allowed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_accent_is_in_pages_letters_and_icon_and_asked_for_once() {
    let (app, _folder) = app_with(WIDE.as_bytes(), &["--accent=#7A1FA2", "--app-name=Acme Desk"]).await;
    let sheet = gets(&app, "/brand.css").await;
    let tag = header(&sheet, "etag").to_owned();
    let text = sheet.text().await.unwrap();
    assert!(
        text.starts_with(":root {\n  --accent: #7a1fa2;\n") && text.contains("(prefers-color-scheme: dark)"),
        "{text}"
    );
    let again = app.request(Method::GET, "/brand.css").header("if-none-match", &tag).send().await.unwrap();
    assert_eq!((again.status(), header(&again, "etag")), (StatusCode::NOT_MODIFIED, tag.as_str()));
    assert!(gets(&app, "/icon").await.text().await.unwrap().contains("#7a1fa2"), "a wide logo is no icon");
    app.has_account("ann", ANN);
    app.asks_for_reset(ANN).await;
    let letter = app.letter_to(ANN, 1).await;
    assert!(letter.html.contains("background: #7a1fa2") && !letter.html.contains("#0f655e"), "{}", letter.html);
    assert!(!letter.raw.contains("image/") && letter.html.contains(">Acme Desk</p>"), "no mail program shows an SVG");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_svg_is_shown_as_a_picture_and_can_do_nothing_else() {
    let (app, _folder) = app_with(SQUARE.as_bytes(), &[]).await;
    assert_eq!(json_of(gets(&app, "/config.json").await, StatusCode::OK).await["logo"], "/logo");
    for path in ["/logo", "/icon"] {
        let logo = gets(&app, path).await;
        assert_eq!(header(&logo, "content-type"), "image/svg+xml");
        assert_eq!(header(&logo, "content-security-policy"), "default-src 'none'; style-src 'unsafe-inline'; sandbox");
        assert_eq!(header(&logo, "x-content-type-options"), "nosniff");
        assert_eq!(logo.text().await.unwrap(), SQUARE);
    }
    assert!(gets(&app, "/brand.css").await.text().await.unwrap().contains("url(\"/logo\")"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_png_travels_with_each_letter_and_stands_for_the_name() {
    let picture = png(300, 60);
    let (app, _folder) = app_with(&picture, &["--app-name=Acme Desk"]).await;
    let logo = gets(&app, "/logo").await;
    assert_eq!(header(&logo, "content-type"), "image/png");
    assert_eq!(logo.bytes().await.unwrap(), picture);
    app.has_account("ann", ANN);
    app.asks_for_reset(ANN).await;
    let letter = app.letter_to(ANN, 1).await;
    assert!(letter.link().is_some(), "{}", letter.text);
    let shown = r#"src="cid:logo@rekey" width="200" height="40" alt="Acme Desk""#;
    assert!(letter.html.contains(shown), "{}", letter.html);
    let message = mail_parser::MessageParser::default().parse(letter.raw.as_bytes()).unwrap();
    let part = message.parts.iter().find(|part| part.content_id() == Some("logo@rekey")).unwrap();
    assert_eq!(part.contents(), picture);
    let order: Vec<_> = letter.raw.lines().filter(|line| line.starts_with("Content-Type: ")).collect();
    let types: Vec<_> = order.iter().map(|line| line.split([' ', ';']).nth(1).unwrap()).collect();
    assert_eq!(types, ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"]);
}

#[test]
fn what_cannot_be_shown_or_read_is_refused_in_one_sentence() {
    let folder = TempDir::new().unwrap();
    let mut large = png(10, 10);
    large.splice(40..40, vec![0; 100 * 1024]);
    let half = &png(300, 60)[..40];
    for (name, bytes) in
        [("large", &large[..]), ("half", half), ("jpeg", b"\xff\xd8\xff\xe0"), ("bare", b"<svg viewBox='0 0 1 1'/>")]
    {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    for (flag, said) in [
        ("--logo=nothing", "REKEY_LOGO: cannot read nothing: "),
        ("--logo=large", "REKEY_LOGO: large has 101 KiB; 100 at most"),
        ("--logo=half", "REKEY_LOGO: half is neither a whole PNG nor an SVG "),
        ("--logo=jpeg", "REKEY_LOGO: jpeg is neither a whole PNG nor an SVG "),
        ("--logo=bare", "REKEY_LOGO: bare is neither a whole PNG nor an SVG (with xmlns="),
        ("--accent=teal", "REKEY_ACCENT: \"teal\" is no colour such as #0f655e"),
        ("--accent=#ffd400", "REKEY_ACCENT: #ffd400 has a contrast of 1.30:1 with the page's background #f3f5f4, and "),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rekey"));
        let output =
            command.args(["migrate", "--database-url=sqlite://rekey.db", flag]).current_dir(folder.path()).output();
        let output = output.unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{flag}: {text}");
        assert!(text.starts_with(&format!("rekey: {said}")) && text.trim_end().lines().count() == 1, "{text}");
    }
}
