//! The least that a Tauri tray application can be: what Nightdesk's memory and its window's opening are compared with.
//!
//! Reads `open` and `close` on standard input; says `ready` and, once an opened window is painted, `painted MILLISECONDS`.
#![allow(clippy::disallowed_methods, clippy::expect_used)] // a measuring instrument: it reads the clock, and fails loudly

use std::io::BufRead;
use std::time::Instant;
use tauri::menu::MenuBuilder;
use tauri::tray::TrayIconBuilder;
use tauri::{AppHandle, Manager, RunEvent, WebviewUrl, WebviewWindowBuilder};

fn obey(app: &AppHandle, line: &str) {
    match line {
        "open" => {
            let began = Instant::now();
            let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default());
            // The page may call nothing here: it tells by its title.
            let window = window.on_document_title_changed(move |_, title| {
                if title == "painted" {
                    println!("painted {}", began.elapsed().as_millis());
                }
            });
            window.title("Bare").inner_size(1280.0, 800.0).build().expect("a window");
        }
        "close" => app.get_webview_window("main").expect("an open window").destroy().expect("it closes"),
        _ => app.exit(0),
    }
}

fn main() {
    let app = tauri::Builder::default()
        .setup(|app| {
            let menu = MenuBuilder::new(app).text("quit", "Quit").build()?;
            let icon = app.default_window_icon().cloned();
            let tray = TrayIconBuilder::new().menu(&menu);
            icon.into_iter().fold(tray, TrayIconBuilder::icon).build(app)?;
            let app = app.handle().clone();
            std::thread::spawn(move || {
                println!("ready");
                let lines = std::io::stdin().lock().lines().map_while(Result::ok).chain([String::from("quit")]);
                for line in lines {
                    let obeying = app.clone();
                    app.run_on_main_thread(move || obey(&obeying, &line)).expect("the main thread runs");
                }
            });
            Ok(())
        })
        .build(tauri::generate_context!("benches/bare/tauri.conf.json"))
        .expect("the application");
    app.run(|_, event| {
        if let RunEvent::ExitRequested { code: None, api, .. } = event {
            api.prevent_exit();
        }
    });
}
