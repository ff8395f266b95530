//! Makes one stylesheet out of the files under `style`.

/// The cascade layers, from the weakest, and where each one's files are. A file needs no `@layer` of its own.
pub const LAYERS: [(&str, &str); 7] = [
    ("reset", "reset.css"),
    ("tokens", "tokens.css"),
    ("base", "base.css"),
    ("layout", "layout"),
    ("components", "components"),
    ("pages", "pages"),
    ("call", "call"),
];

/// The stylesheet, from the text of each layer in the order of [`LAYERS`].
pub fn bundle(layers: &[(&str, String)]) -> String {
    let names: Vec<&str> = layers.iter().map(|(name, _)| *name).collect();
    let mut css = format!("@layer {};", names.join(","));
    for (name, text) in layers.iter().filter(|(_, text)| !text.trim().is_empty()) {
        css.push_str(&format!("@layer {name}{{{}}}", minify(text)));
    }
    css
}

/// Drops comments, and white space where none is needed. It knows strings and nothing else of CSS: what it leaves out
/// means nothing anywhere in the language.
pub fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css.chars().peekable();
    // White space that was read and not yet written.
    let mut gap = false;
    while let Some(c) = rest.next() {
        match c {
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let mut last = ' ';
                for c in rest.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
                gap = true;
            }
            c if c.is_ascii_whitespace() => gap = true,
            '"' | '\'' => {
                close_gap(&mut out, &mut gap, c);
                out.push(c);
                let mut escaped = false;
                for inner in rest.by_ref() {
                    out.push(inner);
                    if inner == c && !escaped {
                        break;
                    }
                    escaped = inner == '\\' && !escaped;
                }
            }
            c => {
                if c == '}' && out.ends_with(';') {
                    out.pop();
                }
                close_gap(&mut out, &mut gap, c);
                out.push(c);
            }
        }
    }
    out
}

fn close_gap(out: &mut String, gap: &mut bool, next: char) {
    // A space before a colon means something in a selector (`li :focus`), a space after one never does.
    let needless =
        out.is_empty() || out.ends_with(['{', '}', ';', ',', ':', '(']) || matches!(next, '{' | '}' | ';' | ',' | ')');
    if std::mem::take(gap) && !needless {
        out.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_stand_in_the_order_of_their_strength() {
        let layers: Vec<_> = LAYERS.iter().map(|(name, _)| (*name, String::new())).collect();
        assert_eq!(
            bundle(&layers),
            "@layer reset,tokens,base,layout,components,pages,call;"
        );
    }

    #[test]
    fn only_what_means_nothing_is_left_out() {
        assert_eq!(
            minify("/* why */\na :hover,\n  b > c {\n  color: red; /* x */ width: calc(1px + 2px);\n}\n"),
            "a :hover,b > c{color:red;width:calc(1px + 2px)}"
        );
        assert_eq!(
            minify("a::before { content: \"/* }  \\\" \" ; }"),
            "a::before{content:\"/* }  \\\" \"}"
        );
        assert_eq!(
            minify("@media (min-width: 30rem) and (hover: hover) { a { b: c } }"),
            "@media (min-width:30rem) and (hover:hover){a{b:c}}"
        );
        assert_eq!(minify("a { margin: 0 /* */ auto }"), "a{margin:0 auto}");
    }

    #[test]
    fn every_layer_is_declared_before_it_is_filled() {
        let css = bundle(&[
            ("reset", "a { b: c }".into()),
            ("base", String::new()),
            ("pages", "d{}".into()),
        ]);
        assert_eq!(css, "@layer reset,base,pages;@layer reset{a{b:c}}@layer pages{d{}}");
    }
}
