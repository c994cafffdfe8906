//! Sockets: accepting, TLS, HTTP/1, and ending a connection in the ways that faults ask for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, Response};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use super::respond::Cut;
use super::server::Server;

/// Serves until the server is told to stop.
pub(super) async fn accept(listener: TcpListener, server: Arc<Server>, tls: Option<TlsAcceptor>) {
    let router = Router::new()
        .fallback(handle)
        .with_state(Arc::clone(&server));
    loop {
        let accepted = tokio::select! {
            biased;
            () = server.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of file descriptors, most likely: breathe.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        tokio::spawn(connection(
            stream,
            router.clone(),
            Arc::clone(&server),
            tls.clone(),
        ));
    }
}

async fn handle(State(server): State<Arc<Server>>, request: Request<Body>) -> Response<Body> {
    server.serve(request).await
}

async fn connection(
    stream: TcpStream,
    router: Router,
    server: Arc<Server>,
    tls: Option<TlsAcceptor>,
) {
    let reset = Arc::new(AtomicBool::new(false));
    let socket = Socket {
        stream,
        reset: Arc::clone(&reset),
    };
    let work = async {
        match tls {
            None => http(socket, router, reset).await,
            Some(acceptor) => {
                if let Ok(stream) = acceptor.accept(socket).await {
                    http(stream, router, reset).await;
                }
            }
        }
    };
    tokio::select! {
        () = work => {}
        () = async {
            server.stop.cancelled().await;
            // The answer to the shutdown itself still has to leave.
            tokio::time::sleep(Duration::from_millis(100)).await;
        } => {}
    }
}

async fn http<S>(stream: S, router: Router, reset: Arc<AtomicBool>)
where
    S: AsyncRead + AsyncWrite + Unpin + 'static,
{
    let service = service_fn(move |request: Request<Incoming>| {
        let (router, reset) = (router.clone(), Arc::clone(&reset));
        async move {
            let response = match router.oneshot(request.map(Body::new)).await {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions().get::<Cut>() {
                None => Ok(response),
                Some(how) => {
                    reset.store(*how == Cut::Reset, Ordering::Relaxed);
                    Err(std::io::Error::other("dropped on purpose"))
                }
            }
        }
    });
    // An error is a client that left, or a drop on purpose.
    let _ = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// A TCP stream that can be ended with RST.
struct Socket {
    stream: TcpStream,
    reset: Arc<AtomicBool>,
}

impl Drop for Socket {
    fn drop(&mut self) {
        if self.reset.load(Ordering::Relaxed) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
