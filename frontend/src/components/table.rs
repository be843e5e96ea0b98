use yew::prelude::*;

/// A table where there is room for one; else each row is a small card whose cells name themselves. The roles stand here
/// because browsers forget what a table is when it is drawn otherwise.
pub(crate) fn table(name: &'static str, headings: &[&'static str], rows: impl Iterator<Item = Html>) -> Html {
    html! {
        <table class="table" role="table" aria-label={name}>
            <thead role="rowgroup">
                <tr role="row">
                    { for headings.iter().map(|heading| html! { <th role="columnheader" scope="col">{ *heading }</th> }) }
                </tr>
            </thead>
            <tbody role="rowgroup">{ for rows }</tbody>
        </table>
    }
}

/// One thing of the list. The first of a further page gets the focus, so that reading goes on there.
pub(crate) fn row(key: &str, cells: Html) -> Html {
    html! { <tr role="row" tabindex="-1" key={key}>{ cells }</tr> }
}

/// One fact of it; `heading` is that of its column.
pub(crate) fn cell(heading: &'static str, content: Html) -> Html {
    html! { <td role="cell" data-heading={heading}><div>{ content }</div></td> }
}
