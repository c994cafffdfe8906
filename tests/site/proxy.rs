//! A proxy on this machine: CONNECT for https, whole addresses for http. It remembers what went
//! through it.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::AbortOnDropHandle;

/// What came to the proxy.
#[derive(Clone, Debug)]
pub struct Passed {
    pub method: String,
    /// `host:port` of a CONNECT, else the whole address.
    pub target: String,
    pub headers: HeaderMap,
}

/// A running proxy; it ends when this is dropped.
pub struct ProxyServer {
    pub url: String,
    passed: Arc<Mutex<Vec<Passed>>>,
    _task: AbortOnDropHandle<()>,
}

impl ProxyServer {
    pub async fn start() -> Self {
        Self::answering(None).await
    }

    /// A proxy that turns everything away with this status.
    pub async fn refusing(status: u16) -> Self {
        Self::answering(Some(StatusCode::from_u16(status).unwrap())).await
    }

    async fn answering(refusal: Option<StatusCode>) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let passed: Arc<Mutex<Vec<Passed>>> = Arc::default();
        let log = Arc::clone(&passed);
        let onward = reqwest::Client::builder()
            .no_proxy()
            .no_gzip()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, onward) = (Arc::clone(&log), onward.clone());
                let service = service_fn(move |request: Request<Incoming>| {
                    log.lock().unwrap().push(Passed {
                        method: request.method().to_string(),
                        target: request.uri().to_string(),
                        headers: request.headers().clone(),
                    });
                    let onward = onward.clone();
                    async move {
                        Ok::<_, std::convert::Infallible>(match refusal {
                            Some(status) => plain(status),
                            None if request.method() == "CONNECT" => connect(request).await,
                            None => forward(&onward, request).await,
                        })
                    }
                });
                tokio::spawn(
                    hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades(),
                );
            }
        });
        Self {
            url,
            passed,
            _task: AbortOnDropHandle::new(task),
        }
    }

    pub fn passed(&self) -> Vec<Passed> {
        self.passed.lock().unwrap().clone()
    }
}

fn plain(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from("<html>the proxy says no</html>"));
    *response.status_mut() = status;
    response
}

async fn connect(request: Request<Incoming>) -> Response<Body> {
    let Ok(mut there) = TcpStream::connect(request.uri().to_string()).await else {
        return plain(StatusCode::BAD_GATEWAY);
    };
    tokio::spawn(async move {
        let upgraded = hyper::upgrade::on(request).await.unwrap();
        let mut here = TokioIo::new(upgraded);
        // Ends when either side does.
        let _ = tokio::io::copy_bidirectional(&mut here, &mut there).await;
    });
    Response::new(Body::empty())
}

async fn forward(onward: &reqwest::Client, request: Request<Incoming>) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let sent = onward
        .request(parts.method, parts.uri.to_string())
        .headers(parts.headers)
        .body(body)
        .send()
        .await;
    let Ok(answer) = sent else {
        return plain(StatusCode::BAD_GATEWAY);
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = answer.status();
    *response.headers_mut() = answer.headers().clone();
    *response.body_mut() = Body::from(answer.bytes().await.unwrap());
    response
}
