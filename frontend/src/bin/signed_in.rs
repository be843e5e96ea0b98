//! The program of `signed_in.html`.

fn main() {
    rekey_frontend::signed_in();
}
