//! A description in the form that the PSA's own editor writes (a list of BlockNote blocks, as JSON in a text): anything else
//! is shown there as one paragraph with its Markdown raw.

use serde_json::{Value, json};

/// The blocks of our plain Markdown, as a text. Only kinds of blocks that every version of the editor knows: a quotation
/// becomes a bold paragraph. A line is a paragraph of its own, because not every reader of the blocks keeps line breaks. What
/// the vendor wrote stays text: nothing within a line has a meaning, so nothing becomes a link or markup.
pub(super) fn blocks(markdown: &str) -> String {
    let mut blocks = Vec::new();
    let mut is_after_blank = true;
    for line in markdown.lines() {
        let text = line.trim_end();
        if text.trim().is_empty() {
            is_after_blank = true;
            continue;
        }
        blocks.push(block(text, is_after_blank));
        is_after_blank = false;
    }
    if blocks.is_empty() {
        blocks.push(made("paragraph", json!({}), "", false));
    }
    Value::Array(blocks).to_string()
}

fn block(line: &str, is_after_blank: bool) -> Value {
    if let Some(text) = line.strip_prefix("## ").filter(|_| is_after_blank) {
        made("heading", json!({ "level": 2 }), text, false)
    } else if let Some(text) = line.strip_prefix("- ") {
        made("bulletListItem", json!({}), text, false)
    } else if let Some(text) = line.strip_prefix("> ") {
        made("paragraph", json!({}), text, true)
    } else {
        made("paragraph", json!({}), line, false)
    }
}

fn made(kind: &str, props: Value, text: &str, is_bold: bool) -> Value {
    let styles = if is_bold { json!({ "bold": true }) } else { json!({}) };
    let content = if text.is_empty() { json!([]) } else { json!([{ "type": "text", "text": text, "styles": styles }]) };
    json!({ "type": kind, "props": props, "content": content, "children": [] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(markdown: &str) -> Vec<(String, String)> {
        let blocks: Vec<Value> = serde_json::from_str(&blocks(markdown)).unwrap();
        let text = |b: &Value| b["content"][0]["text"].as_str().unwrap_or_default().to_owned();
        blocks.iter().map(|b| (b["type"].as_str().unwrap().to_owned(), text(b))).collect()
    }

    #[test]
    fn our_markdown_becomes_blocks_and_vendor_text_stays_text() {
        let markdown = "> WARNING, unmapped\n\n## Incident\n\nSeverity: critical\nStatus: sent\n\n## Remediations\n\n\
                        - [open] delete: C:\\x\nand more (3 in all)\n\n<b>&amp;</b> [x](http://y) ##\nno\n## heading";
        let wanted = [
            ("paragraph", "WARNING, unmapped"),
            ("heading", "Incident"),
            ("paragraph", "Severity: critical"),
            ("paragraph", "Status: sent"),
            ("heading", "Remediations"),
            ("bulletListItem", "[open] delete: C:\\x"),
            ("paragraph", "and more (3 in all)"),
            ("paragraph", "<b>&amp;</b> [x](http://y) ##"),
            ("paragraph", "no"),
            ("paragraph", "## heading"),
        ];
        assert_eq!(shown(markdown), wanted.map(|(k, t)| (k.to_owned(), t.to_owned())));
        assert!(blocks(markdown).starts_with('['), "or it would be shown as it stands");
        assert_eq!(shown(" \n"), [("paragraph".to_owned(), String::new())]);
    }
}
