//! The error envelopes of ARM, Site Recovery, jobs and sign-in, read into one form.

use std::fmt;

use serde::Deserialize;

use crate::domain::{Level, Problem, Text};

use super::leaf::{Many, Part, Word};

/// What a service said was wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ServiceError {
    pub code: String,
    pub message: Text,
    pub causes: Text,
    pub recommended: Text,
    pub activity_id: Text,
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.message.is_empty(), self.code.is_empty()) {
            (true, true) => f.write_str("no reason given"),
            (true, false) => f.write_str(&self.code),
            (false, true) => write!(f, "{}", self.message),
            (false, false) => write!(f, "{} ({})", self.message, self.code),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Envelope {
    error: Either,
    error_description: Word,
    correlation_id: Word,
}

/// ARM writes an object here, sign-in a word.
#[derive(Default)]
enum Either {
    #[default]
    None,
    Word(Word),
    Object(Box<Inner>),
}

impl<'de> Deserialize<'de> for Either {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = serde_json::Value::deserialize(deserializer)?;
        Ok(match value {
            serde_json::Value::Object(_) => {
                serde_json::from_value(value).map_or(Self::None, |i| Self::Object(Box::new(i)))
            }
            serde_json::Value::String(_) => {
                serde_json::from_value(value).map_or(Self::None, Self::Word)
            }
            _ => Self::None,
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Inner {
    code: Word,
    message: Word,
    details: Many<InnerDetail>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct InnerDetail {
    code: Word,
    message: Word,
    possible_causes: Word,
    recommended_action: Word,
    activity_id: Word,
}

impl ServiceError {
    /// Reads the body of a refusal; `None` when it is in no form that is known.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let envelope: Envelope = serde_json::from_slice(body).ok()?;
        match envelope.error {
            Either::None => None,
            Either::Word(code) => Some(Self {
                code: aadsts(envelope.error_description.as_str())
                    .unwrap_or_else(|| bounded(code.as_str())),
                message: first_line(envelope.error_description.as_str()).into(),
                activity_id: envelope.correlation_id.text(),
                ..Self::default()
            }),
            Either::Object(inner) => {
                // The first detail that explains itself says more than the envelope.
                let detail = inner.details.0.into_iter().find(|d| !d.message.is_empty());
                let detail = detail.unwrap_or_default();
                let message = if detail.message.is_empty() {
                    inner.message
                } else {
                    detail.message
                };
                Some(Self {
                    code: bounded(if detail.code.is_empty() {
                        inner.code.as_str()
                    } else {
                        detail.code.as_str()
                    }),
                    message: message.text(),
                    causes: detail.possible_causes.text(),
                    recommended: detail.recommended_action.text(),
                    activity_id: detail.activity_id.text(),
                })
            }
        }
    }
}

fn bounded(code: &str) -> String {
    Text::from_outside(&code.chars().take(120).collect::<String>()).to_string()
}

/// Sign-in errors carry trace ids and times on further lines.
fn first_line(text: &str) -> &str {
    text.split(['\r', '\n']).next().unwrap_or_default()
}

/// The code inside `AADSTS7000215: Invalid client secret provided...`.
fn aadsts(description: &str) -> Option<String> {
    let code = description.split(':').next()?;
    code.starts_with("AADSTS").then(|| bounded(code))
}

/// `JobErrorDetails`, also of a task (asr-models.md).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct JobError {
    service_error_details: Part<ServiceDetails>,
    provider_error_details: Part<ProviderDetails>,
    error_level: Word,
    creation_time: Word,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ServiceDetails {
    code: Word,
    message: Word,
    possible_causes: Word,
    recommended_action: Word,
    activity_id: Word,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ProviderDetails {
    error_code: Word,
    error_message: Word,
    possible_causes: Word,
    recommended_action: Word,
}

impl JobError {
    /// The service's words where it has some, else the provider's.
    #[must_use]
    pub fn problem(self) -> Problem {
        let service = self.service_error_details.or_empty();
        let provider = self.provider_error_details.or_empty();
        let pick = |a: &Word, b: &Word| if a.is_empty() { b.text() } else { a.text() };
        Problem {
            level: Level::of(self.error_level.as_str()),
            code: pick(&service.code, &provider.error_code),
            message: pick(&service.message, &provider.error_message),
            causes: pick(&service.possible_causes, &provider.possible_causes),
            remedy: pick(&service.recommended_action, &provider.recommended_action),
            since: self.creation_time.time(),
            activity_id: service.activity_id.text(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_that_explains_itself_wins() {
        let body = br#"{"error":{"code":"NotFound","message":"outer","details":[{"code":"Inner","message":"why",
            "possibleCauses":"c","recommendedAction":"r","activityId":"a"}]}}"#;
        let error = ServiceError::read(body).unwrap();
        assert_eq!(
            (error.code.as_str(), error.message.as_str()),
            ("Inner", "why")
        );
        assert_eq!(error.recommended.as_str(), "r");
    }

    #[test]
    fn a_sign_in_refusal_is_read_by_its_aadsts_code() {
        let body = br#"{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided.\r\nTrace ID: x"}"#;
        let error = ServiceError::read(body).unwrap();
        assert_eq!(error.code, "AADSTS7000215");
        assert_eq!(
            error.message.as_str(),
            "AADSTS7000215: Invalid client secret provided."
        );
    }

    #[test]
    fn what_is_no_error_is_none() {
        for body in [
            &b"<html>"[..],
            b"{}",
            b"[]",
            b"{\"error\":null}",
            b"{\"error\":7}",
            b"",
        ] {
            assert_eq!(ServiceError::read(body), None);
        }
    }
}
