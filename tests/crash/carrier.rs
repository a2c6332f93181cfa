//! A carrier that remembers everything that reached it, and outlives the desk that sent it.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// One message that arrived.
#[derive(Debug, Clone, Deserialize)]
pub struct Message {
    /// The delivery's key.
    pub marker: String,
    /// The number of the attempt.
    pub attempt: u32,
    /// Whether it says that it may have come before.
    pub possible_repeat: bool,
}

/// The carrier. Clones share its memory.
#[derive(Clone, Default)]
pub struct Carrier {
    arrived: Arc<Mutex<Vec<Message>>>,
}

impl Carrier {
    /// Listens on loopback; answers the address.
    pub async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let app = Router::new().route("/send", post(send)).route("/seen", get(seen)).with_state(self.clone());
        #[allow(clippy::disallowed_methods, reason = "a stand-in's server lives as long as its test")]
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        format!("http://{address}")
    }

    /// What arrived, in order.
    pub fn arrived(&self) -> Vec<Message> {
        self.arrived.lock().unwrap().clone()
    }
}

async fn send(State(carrier): State<Carrier>, Json(message): Json<Message>) -> StatusCode {
    carrier.arrived.lock().unwrap().push(message);
    StatusCode::OK
}

async fn seen(State(carrier): State<Carrier>, Query(asked): Query<HashMap<String, String>>) -> StatusCode {
    let marker = String::from_utf8(hex::decode(&asked["marker"]).unwrap()).unwrap();
    let known = carrier.arrived.lock().unwrap().iter().any(|m| m.marker == marker);
    if known { StatusCode::OK } else { StatusCode::NOT_FOUND }
}
