//! A run carried out in this process, over a lab's site, with a person who answers by rule.
#![allow(dead_code, reason = "every test target uses its own part of it")]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use failback::domain::plan::{
    ClassicTarget, Location, PlanName, Protected, Protection, Recovered, Recovery, ReturnTarget,
    Returned, Returning, Selected, Selection, Target, Wave,
};
use failback::domain::run::{
    Answer, Closing, End, Letter, Line, Question, Record, Request, Run, RunId, StepState,
};
use failback::domain::{ArmId, Failure, Intent, Person, Plan, Retry, StepKind, Text};
use failback::runner::{Ended, Ledger, Order, execute};
use serde_json::Value;
use tokio::sync::watch;

use crate::lab::{Lab, Seen};

/// A journal and an inbox in memory.
#[derive(Clone, Default)]
pub struct Book(Arc<Pages>);

#[derive(Default)]
struct Pages {
    lines: Mutex<Vec<Line>>,
    letters: Mutex<VecDeque<Letter>>,
    /// After so many records nothing can be written.
    room: Mutex<Option<usize>>,
    /// How many lines there are.
    news: watch::Sender<usize>,
}

impl Ledger for Book {
    fn append(&mut self, records: Vec<Record>) -> Result<Vec<Line>, Failure> {
        let mut lines = self.0.lines.lock().unwrap();
        let mut written = Vec::new();
        for record in records {
            let room = *self.0.room.lock().unwrap();
            if room.is_some_and(|room| lines.len() >= room) {
                return Err(Failure::new("The disk is full.", "", Retry::AfterFixing));
            }
            let line = Line {
                number: lines.len() as u64 + 1,
                at: jiff::Timestamp::now(),
                before: "".into(),
                record,
            };
            lines.push(line.clone());
            written.push(line);
        }
        drop(lines);
        self.0.news.send_modify(|lines| *lines += written.len());
        Ok(written)
    }

    fn letters(&mut self) -> Vec<Letter> {
        self.0.letters.lock().unwrap().drain(..).collect()
    }

    fn settle(&mut self) {}
}

impl Book {
    pub fn with_room(room: usize) -> Self {
        let book = Self::default();
        *book.0.room.lock().unwrap() = Some(room);
        book
    }

    /// The same journal as another runner finds it, with room for so many records in all.
    pub fn reopened(&self, room: Option<usize>) -> Self {
        let lines = self.lines();
        let book = Self::default();
        book.0.news.send_modify(|count| *count = lines.len());
        *book.0.lines.lock().unwrap() = lines;
        *book.0.room.lock().unwrap() = room;
        book
    }

    /// From now on nothing can be written.
    pub fn close(&self) {
        let lines = self.0.lines.lock().unwrap().len();
        *self.0.room.lock().unwrap() = Some(lines);
    }

    /// From now on there is room for so many records in all.
    pub fn fill(&self, room: usize) {
        *self.0.room.lock().unwrap() = Some(room);
    }

    pub fn lines(&self) -> Vec<Line> {
        self.0.lines.lock().unwrap().clone()
    }

    pub fn records(&self) -> Vec<Record> {
        let lines = self.0.lines.lock().unwrap();
        lines.iter().map(|line| line.record.clone()).collect()
    }

    /// How many lines there are.
    pub fn length(&self) -> usize {
        self.0.lines.lock().unwrap().len()
    }

    /// Waits until there are more lines than so many.
    pub async fn longer(&self, than: usize) {
        let mut news = self.0.news.subscribe();
        news.wait_for(|lines| *lines > than).await.unwrap();
    }

    /// Every record, for the words of a failed assertion.
    pub fn story(&self) -> String {
        let lines: Vec<String> = self.records().iter().map(|r| format!("{r:?}")).collect();
        lines.join("\n")
    }

    pub fn run(&self) -> Run {
        Run::fold(&*self.0.lines.lock().unwrap()).expect("a launch")
    }

    pub fn send(&self, request: Request) {
        let letter = Letter {
            by: kim(),
            at: jiff::Timestamp::now(),
            request,
        };
        self.0.letters.lock().unwrap().push_back(letter);
    }

    /// Waits until another record is written.
    pub async fn until_next(&self) {
        let mut news = self.0.news.subscribe();
        news.changed().await.unwrap();
    }

    /// Waits until a record is written for which `so` holds.
    pub async fn until(&self, so: impl Fn(&Record) -> bool) {
        let mut news = self.0.news.subscribe();
        let so = |lines: &usize| self.records()[..*lines].iter().any(&so);
        news.wait_for(so).await.unwrap();
    }
}

pub fn kim() -> Person {
    Person {
        name: "kim".into(),
        host: "jump-01".into(),
        from: None,
    }
}

/// What a person answers: the choice, with everything that it wants.
pub fn says(question: &Question, choice: &str) -> Option<Answer> {
    let named = |c: &&failback::domain::run::Choice| c.name.as_str() == choice;
    let found = question.choices.iter().find(named);
    let found = found.unwrap_or_else(|| panic!("no choice {choice}: {question:?}"));
    Some(Answer {
        question: question.id,
        choice: choice.into(),
        typed: found.typed.clone(),
        why: found.reason.then(|| "looked at it".into()),
        ticked: Vec::new(),
    })
}

/// What somebody answers who wants the whole circle: everything is quiet, seen and committed.
pub fn agrees(question: &Question) -> Option<Answer> {
    use failback::domain::run::Topic as T;
    let choice = match question.topic {
        T::Quiesce => "quiesced",
        T::Survivor => "verified",
        // Protect of what is not committed is one.
        T::Commit if question.step == Some(StepKind::Protect) => "protect",
        T::Commit => "commit",
        T::Cancel => "cancel",
        T::AzureOff => "is-off",
        other => panic!("{other:?} was asked: {question:?}"),
    };
    says(question, choice)
}

/// How a run came out.
pub struct Came {
    pub closing: Result<Closing, Failure>,
    pub book: Book,
}

impl Came {
    pub fn run(&self) -> Run {
        self.book.run()
    }

    /// The end of a step of a machine, by the machine's name.
    pub fn end(&self, machine: &str, step: StepKind) -> End {
        let run = self.run();
        let own = run.machines.iter().find(|m| m.name.as_str() == machine);
        let own = own.unwrap_or_else(|| panic!("{machine} is not in the run"));
        match own.step(step).map(|step| step.state.clone()) {
            Some(StepState::Ended(end)) => end,
            other => panic!("{step:?} of {machine}: {other:?}"),
        }
    }

    /// The words with which a step is amber.
    pub fn amber(&self, machine: &str, step: StepKind) -> Vec<String> {
        match self.end(machine, step) {
            End::DoneBut(words) => words.iter().map(ToString::to_string).collect(),
            other => panic!("{step:?} of {machine} is not amber: {other:?}"),
        }
    }

    pub fn remarks(&self) -> Vec<String> {
        let remarks = self.run().remarks;
        remarks
            .into_iter()
            .map(|(_, words)| words.to_string())
            .collect()
    }

    /// Every record, for the words of a failed assertion.
    pub fn story(&self) -> String {
        self.book.story()
    }

    pub fn asked(&self) -> Vec<Question> {
        let asked = |record| match record {
            Record::Asked(question) => Some(*question),
            _ => None,
        };
        self.book.records().into_iter().filter_map(asked).collect()
    }
}

/// Carries `plan` out with a person who answers as `person` says, each question once.
pub async fn carry_out(
    lab: &Lab,
    plan: &Plan,
    person: impl AsyncFnMut(&Question) -> Option<Answer>,
) -> Came {
    carry_out_in(Book::default(), lab, plan, person).await
}

/// As [`carry_out`], with this journal: where it has lines, the run is resumed.
pub async fn carry_out_in(
    book: Book,
    lab: &Lab,
    plan: &Plan,
    person: impl AsyncFnMut(&Question) -> Option<Answer>,
) -> Came {
    let ended = carry_on(&book, lab, plan, person).await;
    let closing = ended.map(|ended| match ended {
        Ended::Closed(closing) => closing,
        Ended::Suspended(cause, why) => panic!("suspended: {cause:?}: {why}"),
    });
    Came { closing, book }
}

/// One runner's work on a run, to its end or to where the runner ends.
pub async fn carry_on(
    book: &Book,
    lab: &Lab,
    plan: &Plan,
    mut person: impl AsyncFnMut(&Question) -> Option<Answer>,
) -> Result<Ended, Failure> {
    let site = lab.site().await.unwrap();
    let so_far = book.lines();
    let before = Run::fold(&so_far).map(|run| run.launch.run);
    let begun = so_far.len();
    let order = Order {
        run: before.unwrap_or_else(|| RunId::new(jiff::Timestamp::now(), fastrand::u32(..))),
        site: "lab".into(),
        slug: Some(plan.slug().clone()),
        by: kim(),
        so_far,
    };
    let ledger = Box::new(book.clone());
    let answering = async {
        let mut news = book.0.news.subscribe();
        let mut read = begun;
        loop {
            let records = book.records();
            for record in &records[read..] {
                if let Record::Asked(question) = record
                    && let Some(answer) = person(question).await
                {
                    book.send(Request::Answer(answer));
                }
            }
            read = records.len();
            news.wait_for(|lines| *lines > read).await.unwrap();
        }
    };
    // It may be carried out by any thread.
    let run: std::pin::Pin<Box<dyn Future<Output = _> + Send>> =
        Box::pin(execute(&site, plan, &order, ledger, std::future::pending()));
    tokio::select! {
        ended = run => ended,
        () = answering => unreachable!("it answers for ever"),
        () = tokio::time::sleep(std::time::Duration::from_secs(50)) => {
            let came = Came { closing: Ok(Closing::Failed), book: book.clone() };
            panic!("the run does not end:\n{}", came.story());
        }
    }
}

fn plan(name: &str, intent: Intent) -> Plan {
    Plan::new(PlanName::parse(name).unwrap(), intent).unwrap()
}

/// The items of the lab's vault, by their machines' names.
pub async fn item(lab: &Lab, machine: &str) -> ArmId {
    let items = lab.raw(&vault(lab, "replicationProtectedItems")).await;
    let named = |item: &&Value| item["properties"]["friendlyName"] == machine;
    let item = items["value"].as_array().unwrap().iter().find(named);
    let item = item.unwrap_or_else(|| panic!("{machine} is not there"));
    ArmId::parse(item["id"].as_str().unwrap()).unwrap()
}

fn vault(lab: &Lab, rest: &str) -> String {
    let v = &lab.announce().vaults[0];
    format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.RecoveryServices/vaults/{}/{rest}?api-version=2025-08-01",
        v.subscription, v.resource_group, v.name
    )
}

/// The VM in Azure of that name.
pub fn vm(lab: &Lab, name: &str) -> ArmId {
    let v = &lab.announce().vaults[0];
    let id = format!(
        "/subscriptions/{}/resourceGroups/{}/providers/Microsoft.Compute/virtualMachines/{name}",
        v.subscription, v.resource_group
    );
    ArmId::parse(&id).unwrap()
}

fn text(value: &Value) -> Option<Text> {
    value.as_str().map(Text::from)
}

/// The first policy of that kind with which a container is mapped.
async fn policy(lab: &Lab, kind: &str) -> Option<ArmId> {
    let policies = lab.raw(&vault(lab, "replicationPolicies")).await;
    let mappings = lab
        .raw(&vault(lab, "replicationProtectionContainerMappings"))
        .await;
    let mapped = |id: &Value| {
        let mut all = mappings["value"].as_array().unwrap().iter();
        all.any(|m| m["properties"]["policyId"] == *id)
    };
    let of_kind = |p: &&Value| p["properties"]["providerSpecificDetails"]["instanceType"] == kind;
    let mut policies = policies["value"].as_array().unwrap().iter().filter(of_kind);
    let policy = policies.find(|policy| mapped(&policy["id"]));
    ArmId::parse(policy.unwrap()["id"].as_str().unwrap())
}

async fn fabric(lab: &Lab) -> Value {
    let fabrics = lab.raw(&vault(lab, "replicationFabrics")).await;
    let mut all = fabrics["value"].as_array().unwrap().iter();
    let classic = all.find(|f| f["properties"]["customDetails"]["instanceType"] == "VMware");
    classic.unwrap()["properties"]["customDetails"].clone()
}

/// Protects machines to the first servers that fit.
pub async fn protect(lab: &Lab, machines: &[&str]) -> Plan {
    let fabric = fabric(lab).await;
    let fits =
        |t: &&Value| t["osType"] == "Windows" && !t["dataStores"].as_array().unwrap().is_empty();
    let mut targets = fabric["masterTargetServers"].as_array().unwrap().iter();
    let target = targets.find(fits).unwrap();
    let policy = policy(lab, "InMage").await;
    let mut all = Vec::new();
    for name in machines {
        all.push(Protected {
            id: item(lab, name).await,
            name: (*name).into(),
            target: Target::Classic(ClassicTarget {
                location: Location::Original,
                process_server: text(&fabric["processServers"][0]["id"]),
                master_target: text(&target["id"]),
                retention: text(&target["retentionVolumes"][0]["volumeName"]),
                datastore: text(&target["dataStores"][0]["symbolicName"]),
                account: Some("2".into()),
                policy: policy.clone(),
            }),
            azure_vm: None,
            offline_temporary: false,
            settings: failback::domain::plan::MachineSettings::default(),
        });
    }
    let protection = Protection {
        replication: failback::domain::plan::Replication::default(),
        nat: failback::domain::plan::Nat::default(),
        machines: all,
    };
    plan("protect", Intent::Protect(protection))
}

/// Brings machines home, wave by wave; each VM in Azure has its machine's name.
pub async fn recovery(lab: &Lab, waves: &[&[&str]]) -> Recovery {
    let mut all = Vec::new();
    for names in waves {
        let mut machines = Vec::new();
        for name in *names {
            machines.push(Recovered {
                azure_vm: Some(vm(lab, name)),
                ..Recovered::new(item(lab, name).await, (*name).into())
            });
        }
        all.push(Wave::of(machines));
    }
    Recovery::new(all)
}

pub async fn bring_home(lab: &Lab, waves: &[&[&str]]) -> Plan {
    plan("home", Intent::FailBack(recovery(lab, waves).await))
}

pub fn recover(recovery: Recovery) -> Plan {
    plan("home", Intent::FailBack(recovery))
}

pub async fn commit(lab: &Lab, machine: &str) -> Plan {
    let machines = vec![Selected {
        id: item(lab, machine).await,
        name: machine.into(),
    }];
    plan("commit", Intent::Commit(Selection { machines }))
}

pub async fn to_azure(lab: &Lab, machines: &[&str]) -> Plan {
    let fabric = fabric(lab).await;
    let policy = policy(lab, "InMageAzureV2").await;
    let mut all = Vec::new();
    for name in machines {
        all.push(Returned {
            id: item(lab, name).await,
            name: (*name).into(),
            target: ReturnTarget {
                process_server: text(&fabric["processServers"][0]["id"]),
                account: Some("2".into()),
                policy: policy.clone(),
                ..ReturnTarget::default()
            },
        });
    }
    plan("away", Intent::ProtectToAzure(Returning { machines: all }))
}

/// Where a machine is and its state, as the next reading shows it.
pub async fn shown(lab: &Lab, machine: &str) -> (String, String) {
    let site = lab.site().await.unwrap();
    let machine = site.machine_now(&item(lab, machine).await).await.unwrap();
    (machine.place.word().into(), machine.state_words())
}

/// The power of a VM in Azure.
pub async fn power(lab: &Lab, name: &str) -> String {
    let site = lab.site().await.unwrap();
    site.arm()
        .power_state(&vm(lab, name))
        .await
        .unwrap()
        .to_string()
}

/// The changes that were sent, as the last part of their paths.
pub async fn sent(lab: &Lab) -> Vec<String> {
    let verb = |seen: Seen| {
        let path = seen.path.split('?').next().unwrap().to_owned();
        path.rsplit('/').next().unwrap().to_owned()
    };
    lab.changes().await.into_iter().map(verb).collect()
}

/// Fails when a request that may have been carried out came twice: what was turned away at the door
/// (429) or never looked at may come again, under its own id.
pub async fn nothing_twice(lab: &Lab) {
    let taken = |seen: &Seen| !matches!(seen.status, Some(400..=499));
    let mut seen: Vec<(String, String)> = Vec::new();
    for change in lab.changes().await.into_iter().filter(taken) {
        let id = change.client_request_id.clone().expect("an id");
        let path = change.path.to_lowercase();
        assert!(
            !seen.iter().any(|(known, _)| *known == id),
            "{id} came twice"
        );
        assert!(
            !seen.iter().any(|(_, known)| *known == path),
            "{path} came twice"
        );
        seen.push((id, path));
    }
}
