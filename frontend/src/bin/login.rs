//! The program of `index.html`.

fn main() {
    rekey_frontend::log_in();
}
