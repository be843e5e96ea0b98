use yew::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Icon {
    Key,
    Check,
    Alert,
    Eye,
    EyeCrossed,
    CapsLock,
}

/// A line drawing in the colour of the text round it. It says nothing that the text does not, so it is not read out.
pub(crate) fn icon(icon: Icon) -> Html {
    let lines = match icon {
        Icon::Key => "M11.7 17.2a3.9 3.9 0 1 1-5.5-5.5 3.9 3.9 0 0 1 5.5 0M11.7 11.7 19.5 4M16.4 7.1l3.1 3.1",
        Icon::Check => "m5 12.5 4.5 4.5L19 7.5",
        Icon::Alert => "M12 7.5v5.5M12 16.4v.1M12 3.2a8.8 8.8 0 1 0 0 17.6 8.8 8.8 0 0 0 0-17.6",
        Icon::CapsLock => "M12 4.2 4.6 11.6h4v3.6h6.8v-3.6h4zM8.6 19.3h6.8",
        Icon::Eye => {
            "M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12M12 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4"
        }
        Icon::EyeCrossed => {
            "M9.9 6.1A9 9 0 0 1 12 5.8c6 0 9.2 6.2 9.2 6.2a15 15 0 0 1-2.6 3.3M6.5 7.6A15 15 0 0 0 2.8 12S6 18.2 12 18.2a9 9 0 0 0 4.6-1.3M4 4l16 16"
        }
    };
    html! {
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d={lines} /></svg>
    }
}
