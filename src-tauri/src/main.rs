fn main() {
    let _x = tauri::Builder::default().run(tauri::generate_context!());
}
