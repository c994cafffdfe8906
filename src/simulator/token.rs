//! The token endpoints: Entra's client credentials and the managed identity of an Azure machine.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::call::{Answer, Call, decode_query};
use super::clock::after;

/// How long a token lives, in simulated seconds.
pub(super) const LIFE: i64 = 3599;
const MARK: &str = "simulated-token";

/// Who may have a token.
pub(super) struct Credentials {
    pub tenant: String,
    pub client_id: String,
    pub client_secret: String,
    /// How long a token lives for the client, in its own seconds: less on a site that is sped up.
    pub life: u64,
}

fn issue(now: Timestamp, salt: &str) -> String {
    format!(
        "{MARK}.{}.{}",
        after(now, LIFE as f64).as_second(),
        salt.replace('-', "")
    )
}

/// `POST /{tenant}/oauth2/v2.0/token`.
pub(super) fn client_credentials(call: &Call, tenant: &str, known: &Credentials) -> Answer {
    let form = decode_query(&String::from_utf8_lossy(&call.body));
    let field = |name: &str| {
        form.iter()
            .find(|(k, _)| k == name)
            .map_or("", |(_, v)| v.as_str())
    };
    let client = field("client_id");
    if !tenant.eq_ignore_ascii_case(&known.tenant) {
        let text = format!(
            "AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant."
        );
        return refuse(call, 400, "invalid_request", 90002, &text);
    }
    if field("grant_type") != "client_credentials" {
        let text = format!(
            "AADSTS70003: The app requested an unsupported grant type '{}'.",
            field("grant_type")
        );
        return refuse(call, 400, "unsupported_grant_type", 70003, &text);
    }
    if !client.eq_ignore_ascii_case(&known.client_id) {
        let text = format!(
            "AADSTS700016: Application with identifier '{client}' was not found in the directory 'Contoso'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant."
        );
        return refuse(call, 400, "unauthorized_client", 700_016, &text);
    }
    if field("client_secret") != known.client_secret {
        let text = format!(
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{client}'."
        );
        return refuse(call, 401, "invalid_client", 7_000_215, &text);
    }
    Answer::ok(json!({
        "token_type": "Bearer", "expires_in": known.life, "ext_expires_in": known.life,
        "access_token": issue(call.now, &call.correlation),
    }))
}

/// `GET /metadata/identity/oauth2/token`: numbers are strings there.
pub(super) fn managed_identity(call: &Call, known: &Credentials) -> Answer {
    if call
        .header("metadata")
        .is_none_or(|m| !m.eq_ignore_ascii_case("true"))
    {
        let body = json!({"error": "invalid_request", "error_description": "Required metadata header not specified"});
        return Answer::json(400, body);
    }
    let Some(resource) = call.query("resource") else {
        let body = json!({"error": "invalid_request", "error_description": "Required audience parameter not specified"});
        return Answer::json(400, body);
    };
    let now = call.now.as_second();
    Answer::ok(json!({
        "access_token": issue(call.now, &call.correlation), "client_id": known.client_id,
        "expires_in": known.life.to_string(), "expires_on": (now + LIFE).to_string(),
        "ext_expires_in": known.life.to_string(), "not_before": now.to_string(),
        "resource": resource, "token_type": "Bearer",
    }))
}

fn refuse(call: &Call, status: u16, error: &str, code: u64, text: &str) -> Answer {
    let time = call.now.strftime("%Y-%m-%d %H:%M:%SZ").to_string();
    let trace = &call.correlation;
    let body: Value = json!({
        "error": error,
        "error_description": format!("{text} Trace ID: {trace} Correlation ID: {trace} Timestamp: {time}"),
        "error_codes": [code], "timestamp": time, "trace_id": trace, "correlation_id": trace,
        "error_uri": format!("https://login.microsoftonline.com/error?code={code}"),
    });
    Answer::json(status, body)
}

/// Every call to ARM bears a token: any, but one of ours that has expired.
pub(super) fn check(call: &Call) -> Option<Answer> {
    let authorization = call.header("authorization").unwrap_or_default();
    let token = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map_or("", |(_, token)| token.trim());
    if token.is_empty() {
        let answer = Answer::error(
            401,
            "AuthenticationFailed",
            "Authentication failed. The 'Authorization' header is missing.",
        );
        return Some(answer.with("www-authenticate", "Bearer authorization_uri=\"https://login.microsoftonline.com/\", error=\"invalid_token\""));
    }
    let end: i64 = token.strip_prefix(MARK)?.split('.').nth(1)?.parse().ok()?;
    let now = call.now.as_second();
    (now >= end).then(|| {
        let message = format!(
            "The access token expiry UTC time '{end}' is earlier than current UTC time '{now}'."
        );
        Answer::error(401, "ExpiredAuthenticationToken", &message)
    })
}
