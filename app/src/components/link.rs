/// The address `path?query` with one parameter set, the others kept. An empty value takes the parameter out.
pub fn with_query(path: &str, query: &[(String, String)], name: &str, value: &str) -> String {
    let mut pairs: Vec<(&str, &str)> = query
        .iter()
        .filter(|(key, value)| key != name && !value.is_empty())
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    if !value.is_empty() {
        pairs.push((name, value));
    }
    match serde_urlencoded::to_string(&pairs) {
        Ok(text) if !text.is_empty() => format!("{path}?{text}"),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_query_and_sets_one_parameter() {
        let query = [
            ("q".to_owned(), "Müller & Söhne".to_owned()),
            ("page".into(), "2".into()),
            ("sort".into(), String::new()),
        ];
        assert_eq!(
            with_query("/consultations", &query, "page", "3"),
            "/consultations?q=M%C3%BCller+%26+S%C3%B6hne&page=3"
        );
        assert_eq!(with_query("/consultations", &query[1..], "page", ""), "/consultations");
    }
}
