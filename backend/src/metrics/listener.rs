//! A listener of its own for the operator's monitoring, with a thread of its own: it answers also when everything else is
//! busy, and nothing but the one page.

use std::net::{SocketAddr, TcpListener};

use actix_web::dev::{ServerHandle, Service as _};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{get, head, resource, to};
use actix_web::{App, HttpResponse, HttpServer};

use crate::app::StartError;
use crate::error::Error;
use crate::telemetry;
use crate::web::{Shared, not_allowed, problems};

/// The one page. On the ordinary port there is nothing under it.
const PATH: &str = "/metrics";

/// A port that is taken, and nobody who answers on it yet.
pub(crate) struct Bound(TcpListener, SocketAddr);

impl Bound {
    /// # Errors
    /// [`StartError::ListenForMetrics`].
    pub(crate) fn to(listen: SocketAddr) -> Result<Self, StartError> {
        let bound = TcpListener::bind(listen).and_then(|listener| {
            let address = listener.local_addr()?;
            Ok(Self(listener, address))
        });
        bound.map_err(|error| StartError::ListenForMetrics(listen, error))
    }

    /// # Errors
    /// [`StartError::Serve`].
    pub(crate) fn serve(self, rekey: Shared) -> Result<Serving, StartError> {
        let Self(listener, address) = self;
        let app = move || {
            App::new()
                .wrap_fn(|request, service| {
                    let answering = service.call(request);
                    telemetry::of_new_request(async move {
                        let answer = problems(answering.await?);
                        telemetry::answered(&answer);
                        Ok(answer)
                    })
                })
                .app_data(rekey.clone())
                .service(
                    resource(PATH)
                        .route(get().to(page))
                        .route(head().to(page))
                        .default_service(not_allowed("GET, HEAD")),
                )
                .default_service(to(async || Err::<HttpResponse, _>(Error::NotFound)))
        };
        let server =
            HttpServer::new(app).workers(1).disable_signals().listen(listener).map_err(StartError::Serve)?.run();
        let handle = server.handle();
        tokio::spawn(server);
        tracing::info!(metrics.address = %address, "metrics.listening");
        Ok(Serving { handle, port: address.port() })
    }
}

/// It answers.
pub(crate) struct Serving {
    handle: ServerHandle,
    pub(crate) port: u16,
}

impl Serving {
    /// At once: nobody is hurt by a page that is not read to its end.
    pub(crate) async fn stop(self) {
        self.handle.stop(false).await;
    }
}

/// `GET /metrics`
async fn page(rekey: Shared) -> Result<HttpResponse, Error> {
    let page = rekey.metrics.page(&rekey).await.map_err(|error| Error::Internal(error.to_string()))?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, prometheus::TEXT_FORMAT))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(page))
}
