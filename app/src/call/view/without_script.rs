use leptos::prelude::*;

use crate::escape::escape;

/// What a browser that runs no scripts shows. One that does takes everything in a `<noscript>` for one text, in which
/// hydration would look for elements in vain: they are set as a whole, and not looked for.
#[component]
pub fn WithoutScript(text: &'static str) -> impl IntoView {
    let inside = format!("<div class=\"notice notice--warning\"><p>{}</p></div>", escape(text));
    view! { <noscript inner_html=inside></noscript> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn the_text_stands_in_it_as_text() {
        let html = view! { <WithoutScript text="Here & <there>" /> }.to_html();
        assert_eq!(
            html,
            "<noscript><div class=\"notice notice--warning\"><p>Here &amp; &lt;there&gt;</p></div></noscript>"
        );
    }
}
