//! Writes the TypeScript bindings: `bindings FILE`, or with `--check` says whether the file is what it should be.

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let check = args.iter().position(|a| a == "--check").map(|at| args.remove(at)).is_some();
    let [file] = args.as_slice() else {
        eprintln!("usage: bindings [--check] FILE");
        return ExitCode::from(2);
    };
    let text = nightdesk_api::rpc::typescript();
    if check {
        let found = std::fs::read_to_string(file).unwrap_or_default();
        if found.replace("\r\n", "\n") == text {
            return ExitCode::SUCCESS;
        }
        eprintln!("{file} is stale; run: cargo xtask bindings");
        return ExitCode::FAILURE;
    }
    match std::fs::write(file, text) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{file}: {error}");
            ExitCode::FAILURE
        }
    }
}
