//! Installing packages on Debian, Ubuntu and what descends from them.

use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// Whether this machine installs its packages with apt-get.
pub fn is_here() -> bool {
    fs::read_to_string("/etc/os-release").is_ok_and(|text| is_debian(&text)) && answers("apt-get", "--version")
}

/// The command a person would type to install `packages`.
pub fn install_command(packages: &[&str]) -> String {
    format!("{}apt-get install --no-install-recommends {}", if is_root() { "" } else { "sudo " }, packages.join(" "))
}

/// Installs `packages`, through sudo unless this already runs as root.
///
/// # Errors
/// When there is no way to become root, or apt-get fails.
pub fn install(packages: &[&str]) -> Result<()> {
    let root = is_root();
    if !root && !answers("sudo", "--version") {
        bail!("this needs root and there is no sudo here; as root, run: {}", install_command(packages));
    }
    // A machine without package lists, such as a fresh container, can't install anything before an update.
    apt_get(root, &["update", "-q"])?;
    apt_get(root, &[&["install", "-y", "-q", "--no-install-recommends"], packages].concat())
}

fn apt_get(root: bool, args: &[&str]) -> Result<()> {
    let mut command = Command::new(if root { "env" } else { "sudo" });
    if !root {
        command.arg("env");
    }
    let status = command.args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args).status();
    if !status.context("apt-get could not be started")?.success() {
        bail!("apt-get {} failed", args.join(" "));
    }
    Ok(())
}

fn is_debian(os_release: &str) -> bool {
    os_release
        .lines()
        .filter_map(|line| line.split_once('='))
        .filter(|(key, _)| matches!(*key, "ID" | "ID_LIKE"))
        .flat_map(|(_, value)| value.trim_matches(['"', '\'']).split_whitespace())
        .any(|id| matches!(id, "debian" | "ubuntu"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn answers(program: &str, arg: &str) -> bool {
    let mut probe = Command::new(program);
    probe.arg(arg).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debian_and_its_descendants_are_known_by_id() {
        assert!(is_debian("PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n"));
        assert!(is_debian("ID=ubuntu\nID_LIKE=debian\n"));
        assert!(is_debian("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n"));
        assert!(!is_debian("ID=fedora\nNAME=\"not debian\"\n"));
        assert!(!is_debian(""));
    }
}
