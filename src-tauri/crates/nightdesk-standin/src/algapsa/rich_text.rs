//! How the vendor shows a body or a comment: rich text is a JSON list of blocks, everything else is plain.

use serde_json::Value;

/// What is shown. A text that doesn't begin as JSON is one paragraph in which nothing has a meaning, Markdown and line
/// breaks neither.
pub(crate) fn html(text: &str) -> String {
    match blocks(text) {
        Some(blocks) => blocks_html(&blocks),
        None => format!("<p>{}</p>", escaped(text)),
    }
}

/// The characters that a reader sees.
pub(crate) fn visible(text: &str) -> String {
    match blocks(text) {
        Some(blocks) => blocks.iter().map(block_text).collect::<Vec<_>>().join("\n"),
        None => text.to_owned(),
    }
}

/// Whether a text sets out to be rich text and isn't: it will be shown as it stands.
pub(crate) fn is_broken(text: &str) -> bool {
    text.trim_start().starts_with(['[', '{']) && blocks(text).is_none()
}

fn blocks(text: &str) -> Option<Vec<Value>> {
    if !text.trim_start().starts_with(['[', '{']) {
        return None;
    }
    let blocks = match serde_json::from_str(text).ok()? {
        Value::Array(blocks) => blocks,
        one @ Value::Object(_) => vec![one],
        _ => return None,
    };
    blocks.iter().all(|block| block.get("type").is_some_and(Value::is_string)).then_some(blocks)
}

fn blocks_html(blocks: &[Value]) -> String {
    let mut html = String::new();
    let mut list: Option<&str> = None;
    for block in blocks {
        let kind = block["type"].as_str().unwrap_or_default();
        let wanted = match kind {
            "bulletListItem" | "checkListItem" => Some("ul"),
            "numberedListItem" => Some("ol"),
            _ => None,
        };
        if list != wanted {
            html.extend(list.map(|tag| format!("</{tag}>")));
            html.extend(wanted.map(|tag| format!("<{tag}>")));
            list = wanted;
        }
        let inner = inline_html(&block["content"]);
        let children = block["children"].as_array().map(|inner| blocks_html(inner)).unwrap_or_default();
        html.push_str(&match (kind, wanted) {
            (_, Some(_)) => format!("<li>{inner}{children}</li>"),
            ("heading", None) => {
                let level = block["props"]["level"].as_u64().unwrap_or(1).clamp(1, 6);
                format!("<h{level}>{inner}</h{level}>{children}")
            }
            ("codeBlock", None) => format!("<pre><code>{inner}</code></pre>{children}"),
            ("quote", None) => format!("<blockquote>{inner}</blockquote>{children}"),
            _ => format!("<p>{inner}</p>{children}"),
        });
    }
    html.extend(list.map(|tag| format!("</{tag}>")));
    html
}

fn inline_html(content: &Value) -> String {
    match content {
        Value::String(text) => escaped(text),
        Value::Array(pieces) => pieces.iter().map(piece_html).collect(),
        _ => String::new(),
    }
}

fn piece_html(piece: &Value) -> String {
    if piece["type"] == "link" {
        let href = escaped(piece["href"].as_str().unwrap_or_default());
        return format!("<a href=\"{href}\">{}</a>", inline_html(&piece["content"]));
    }
    let mut html = escaped(piece["text"].as_str().unwrap_or_default());
    for (style, tag) in [("code", "code"), ("italic", "em"), ("bold", "strong")] {
        if piece["styles"][style] == true {
            html = format!("<{tag}>{html}</{tag}>");
        }
    }
    html
}

fn block_text(block: &Value) -> String {
    let children = block["children"].as_array().into_iter().flatten().map(block_text);
    std::iter::once(inline_text(&block["content"])).chain(children).collect::<Vec<_>>().join("\n")
}

fn inline_text(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(pieces) => pieces
            .iter()
            .map(|piece| match piece["text"].as_str() {
                Some(text) => text.to_owned(),
                None => inline_text(&piece["content"]),
            })
            .collect(),
        _ => String::new(),
    }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn plain_text_is_one_paragraph_in_which_nothing_has_a_meaning() {
        assert_eq!(html("**Host** <b>&\nnext"), "<p>**Host** &lt;b&gt;&amp;\nnext</p>");
        assert_eq!(html("[not json"), "<p>[not json</p>");
        assert!(is_broken("[not json") && is_broken("{\"a\":1}") && !is_broken("text") && !is_broken("[]"));
    }

    #[test]
    fn blocks_are_rendered() {
        let text = |text: &str| json!({ "type": "text", "text": text, "styles": {} });
        let body = json!([
            { "type": "heading", "props": { "level": 2 }, "content": [text("Host")] },
            { "type": "paragraph", "content": [
                { "type": "text", "text": "A<B", "styles": { "bold": true } },
                { "type": "link", "href": "https://x.test/?a=1&b", "content": [text("open")] },
            ]},
            { "type": "bulletListItem", "content": "one", "children": [] },
            { "type": "bulletListItem", "content": [text("two")] },
            { "type": "paragraph", "content": [] },
        ])
        .to_string();
        assert_eq!(
            html(&body),
            "<h2>Host</h2><p><strong>A&lt;B</strong><a href=\"https://x.test/?a=1&amp;b\">open</a></p>\
             <ul><li>one</li><li>two</li></ul><p></p>"
        );
        assert_eq!(visible(&body), "Host\nA<Bopen\none\ntwo\n");
    }
}
