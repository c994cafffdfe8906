//! A server that answers as it pleases: what no honest site would say. It hands out tokens like the
//! identity endpoint of a machine, so that a site can be opened on it.

use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use failback::azure::Vault;
use failback::domain::{ArmId, Call, Method};
use failback::site::Site;
use failback::store::{Credential, Profile};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

use crate::lab::{SITE, quick};

/// One request, as it came.
#[derive(Clone, Debug)]
pub struct Ask {
    pub method: String,
    /// With the query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Ask {
    pub fn is_token(&self) -> bool {
        self.path.starts_with("/metadata/identity/oauth2/token")
    }
}

type Answering = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;
type Handler = Arc<dyn Fn(Ask) -> Answering + Send + Sync>;

/// A running server; it ends when this is dropped.
pub struct Rogue {
    pub base: String,
    asked: Arc<Mutex<Vec<Ask>>>,
    _task: AbortOnDropHandle<()>,
}

struct Desk {
    handler: Handler,
    asked: Arc<Mutex<Vec<Ask>>>,
}

impl Rogue {
    /// Answers everything but token requests with `answer`.
    pub async fn answering<F>(answer: impl Fn(Ask) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let answer = Arc::new(answer);
        Self::raw(move |ask| {
            let answer = Arc::clone(&answer);
            async move {
                if ask.is_token() {
                    return token(3600);
                }
                answer(ask).await
            }
        })
        .await
    }

    /// As [`Self::answering`], token requests too.
    pub async fn raw<F>(answer: impl Fn(Ask) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        Self::on(listener, answer)
    }

    /// As [`Self::raw`], on a socket that is there already.
    pub fn on<F>(listener: TcpListener, answer: impl Fn(Ask) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response<Body>> + Send + 'static,
    {
        let base = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<Ask>>> = Arc::default();
        let desk = Arc::new(Desk {
            handler: Arc::new(move |ask| Box::pin(answer(ask))),
            asked: Arc::clone(&asked),
        });
        let router = Router::new().fallback(take).with_state(desk);
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.unwrap();
        });
        Self {
            base,
            asked,
            _task: AbortOnDropHandle::new(task),
        }
    }

    /// What was asked, token requests apart.
    pub fn asked(&self) -> Vec<Ask> {
        let all = self.asked.lock().unwrap();
        all.iter().filter(|ask| !ask.is_token()).cloned().collect()
    }

    pub fn sign_ins(&self) -> usize {
        let all = self.asked.lock().unwrap();
        all.iter().filter(|ask| ask.is_token()).count()
    }

    /// A profile of a site that lies here.
    pub fn profile(&self) -> Profile {
        let credential = Credential::ManagedIdentity {
            client_id: None,
            endpoint: Some(self.base.clone()),
        };
        Profile {
            subscription: "s".into(),
            resource_group: "g".into(),
            vaults: vec!["v".into()],
            arm: self.base.clone(),
            ..quick(credential)
        }
    }

    /// That site, opened.
    pub async fn site(&self) -> Site {
        open(self.profile()).await
    }
}

/// Opens a profile away from the async threads.
pub async fn open(profile: Profile) -> Site {
    assert_eq!(profile.name, SITE);
    tokio::task::spawn_blocking(move || Site::open(&profile, None).unwrap())
        .await
        .unwrap()
}

/// The vault of [`Rogue::profile`].
pub fn vault() -> Vault {
    Vault::new("s", "g", "v").unwrap()
}

/// The id of something in it.
pub fn item_id(name: &str) -> ArmId {
    let path = vault().child(&format!(
        "replicationFabrics/f/replicationProtectionContainers/c/replicationProtectedItems/{name}"
    ));
    ArmId::parse(&path).unwrap()
}

/// A change that a test sends.
pub fn change() -> Call {
    Call {
        method: Method::Post,
        path: "/x/unplannedFailover?api-version=1".into(),
        body: Some("{}".into()),
    }
}

async fn take(
    State(desk): State<Arc<Desk>>,
    request: Request,
) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    let ask = Ask {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: parts.headers,
        body: body
            .collect()
            .await
            .map(http_body_util::Collected::to_bytes)
            .unwrap_or_default(),
    };
    desk.asked.lock().unwrap().push(ask.clone());
    Ok((desk.handler)(ask).await)
}

/// A token that lives so many seconds.
pub fn token(seconds: u64) -> Response<Body> {
    json_answer(&json!({
        "access_token": "rogue-token-SECRET", "expires_in": seconds.to_string(), "token_type": "Bearer",
    }))
}

pub fn json_answer(body: &Value) -> Response<Body> {
    Response::builder()
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

pub fn status(status: u16) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    response
}

/// A page with these rows and this link.
pub fn page(rows: &[Value], next: Option<&str>) -> Response<Body> {
    json_answer(&json!({ "value": rows, "nextLink": next }))
}
