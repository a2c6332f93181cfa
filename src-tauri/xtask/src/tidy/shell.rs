//! The desktop application gives its window no more than the design allows.

use serde_json::Value;

use super::Problem;
use super::tree::TextFile;

const CONFIGURATION: &str = "src-tauri/tauri.conf.json";
const CAPABILITIES: &str = "src-tauri/capabilities/";

/// Plugins whose permissions would let a page reach files, programs or the network by itself.
const TOO_MUCH: [&str; 4] = ["fs", "shell", "http", "process"];

/// A configuration or capability that opens the window to more than the interface's own files and commands.
pub fn check(files: &[TextFile]) -> Vec<Problem> {
    let Some(configuration) = files.iter().find(|file| file.path == CONFIGURATION) else {
        return vec![Problem::new(CONFIGURATION, "is missing")];
    };
    let mut problems = read(configuration, configuration_problems);
    let capabilities: Vec<&TextFile> =
        files.iter().filter(|file| file.path.starts_with(CAPABILITIES) && file.path.ends_with(".json")).collect();
    if capabilities.is_empty() {
        problems.push(Problem::new(CAPABILITIES, "no capability says what the window may do"));
    }
    problems.extend(capabilities.into_iter().flat_map(|file| read(file, capability_problems)));
    problems
}

fn read(file: &TextFile, judge: fn(&Value) -> Vec<String>) -> Vec<Problem> {
    match serde_json::from_str(&file.text) {
        Ok(value) => judge(&value).into_iter().map(|words| Problem::new(&file.path, words)).collect(),
        Err(error) => vec![Problem::new(&file.path, format!("is no JSON: {error}"))],
    }
}

fn configuration_problems(configuration: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if configuration["app"]["withGlobalTauri"].as_bool().unwrap_or(false) {
        problems.push("withGlobalTauri gives the way to the shell to every script".into());
    }
    let policy = match &configuration["app"]["security"]["csp"] {
        Value::String(policy) => policy.clone(),
        Value::Object(directives) => serde_json::to_string(directives).unwrap_or_default(),
        _ => {
            problems.push("the window has no content security policy".into());
            return problems;
        }
    };
    if !policy.contains("default-src") {
        problems.push("the content security policy has no default-src".into());
    }
    for open in ["unsafe-eval", "https:", "*"] {
        if policy.contains(open) {
            problems.push(format!("the content security policy allows {open}"));
        }
    }
    problems
}

fn capability_problems(capability: &Value) -> Vec<String> {
    let mut problems = Vec::new();
    if !capability["remote"].is_null() {
        problems.push("gives remote pages a way to the shell".into());
    }
    for permission in capability["permissions"].as_array().into_iter().flatten() {
        let id = permission.as_str().or_else(|| permission["identifier"].as_str()).unwrap_or_default();
        let plugin = id.split(':').next().unwrap_or_default();
        if TOO_MUCH.contains(&plugin) {
            problems.push(format!("permission {id}: the window needs no {plugin} of its own, the engine has it"));
        }
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = r#"{"app":{"security":{"csp":"default-src 'self'"}}}"#;
    const LEAST: &str = r#"{"identifier":"main","windows":["main"],"permissions":["core:event:default"]}"#;

    fn found(configuration: &str, capability: Option<&str>) -> Vec<String> {
        let mut files = vec![TextFile { path: CONFIGURATION.into(), text: configuration.into() }];
        files.extend(capability.map(|text| TextFile { path: format!("{CAPABILITIES}main.json"), text: text.into() }));
        check(&files).into_iter().map(|problem| problem.words).collect()
    }

    #[test]
    fn a_strict_policy_and_least_permissions_are_fine() {
        assert_eq!(found(SOUND, Some(LEAST)), Vec::<String>::new());
        assert_eq!(found(SOUND, None), ["no capability says what the window may do"]);
        assert_eq!(check(&[]).len(), 1);
    }

    #[test]
    fn an_open_window_is_found() {
        let open = r#"{"app":{"withGlobalTauri":true,"security":{"csp":null}}}"#;
        assert_eq!(found(open, Some(LEAST)).len(), 2);
        let wide = r#"{"app":{"security":{"csp":{"script-src":"'unsafe-eval' *"}}}}"#;
        assert_eq!(found(wide, Some(LEAST)).len(), 3);
    }

    #[test]
    fn a_capability_that_reaches_out_is_found() {
        let remote = r#"{"remote":{"urls":["https://example.com"]},"permissions":["core:default"]}"#;
        assert_eq!(found(SOUND, Some(remote)).len(), 1);
        let files = r#"{"permissions":["fs:default",{"identifier":"shell:allow-execute","allow":[]}]}"#;
        assert_eq!(found(SOUND, Some(files)).len(), 2);
        assert_eq!(found(SOUND, Some("not json")).len(), 1);
    }
}
