//! What people were asked, answered and asked for.

use std::collections::HashMap;

use super::build::name;
use super::model::{Answered, Asked, Offered, Requested};
use crate::domain::Text;
use crate::domain::run::{Line, Question, QuestionId, Record, Request, Run};

pub(super) struct Told {
    pub questions: Vec<Asked>,
    pub requests: Vec<Requested>,
}

pub(super) fn told(run: &Run, lines: &[Line]) -> Told {
    let mut questions: Vec<Asked> = Vec::new();
    // The newest of a number counts: after a resume questions are asked anew.
    let mut open: HashMap<QuestionId, (usize, &Question)> = HashMap::new();
    let mut requests = Vec::new();
    for line in lines {
        match &line.record {
            Record::Asked(question) => {
                open.insert(question.id, (questions.len(), question));
                questions.push(Asked {
                    question: question.id.0,
                    at: line.at,
                    topic: question.topic,
                    machine: question.machine.as_ref().map(|id| name(&run.launch, id)),
                    step: question.step,
                    words: question.words.clone(),
                    evidence: question.evidence.clone(),
                    checks: question.checks.clone(),
                    choices: question
                        .choices
                        .iter()
                        .map(|choice| Offered {
                            choice: choice.name.clone(),
                            words: choice.words.clone(),
                        })
                        .collect(),
                    until: question.until,
                    answer: None,
                });
            }
            Record::Answered {
                answer,
                by,
                asked: when,
            } => {
                let asked = open.get(&answer.question);
                let choice = asked.and_then(|(_, question)| {
                    let mut choices = question.choices.iter();
                    choices.find(|choice| choice.name == answer.choice)
                });
                let answered = Answered {
                    at: line.at,
                    by: by.clone(),
                    asked: *when,
                    choice: answer.choice.clone(),
                    words: choice.map_or_else(Text::default, |choice| choice.words.clone()),
                    typed: answer.typed.clone(),
                    why: answer.why.clone(),
                    ticked: answer.ticked.clone(),
                };
                if let Some(asked) = asked.and_then(|(at, _)| questions.get_mut(*at)) {
                    asked.answer = Some(answered);
                }
            }
            Record::Requested {
                by,
                request,
                refused,
                asked,
            } => requests.push(Requested {
                at: line.at,
                by: by.clone(),
                asked: *asked,
                words: words(request),
                refused: refused.clone(),
            }),
            _ => {}
        }
    }
    Told {
        questions,
        requests,
    }
}

fn words(request: &Request) -> Text {
    match request {
        Request::Answer(answer) => {
            let why = answer.why.as_ref();
            let why = why.map_or(String::new(), |why| format!(" ({why})"));
            format!("answer {}: {}{why}", answer.question.0, answer.choice).into()
        }
        Request::Pause => "pause".into(),
        Request::GoOn => "go on".into(),
        Request::Stop => "stop".into(),
    }
}
