use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(crate) struct SectionProps {
    /// Tells the sections of a page apart.
    pub(crate) id: &'static str,
    pub(crate) title: AttrValue,
    /// What one does here, in a sentence.
    #[prop_or_default]
    pub(crate) about: AttrValue,
    pub(crate) children: Html,
}

/// A card among others: on the left, where there is room, what it is about; beside it what can be done.
#[component]
pub(crate) fn Section(props: &SectionProps) -> Html {
    let id = format!("{}-title", props.id);
    html! {
        <section class="card part" aria-labelledby={id.clone()}>
            <div class="part-head">
                <h2 {id} tabindex="-1">{ &props.title }</h2>
                if !props.about.is_empty() {
                    <p>{ &props.about }</p>
                }
            </div>
            <div class="part-body">{ props.children.clone() }</div>
        </section>
    }
}
