//! `failback runs list`

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::state::Standing;
use crate::cli::exit::Exit;
use crate::cli::output::{self, Complaint, print_json};
use crate::cli::table;
use crate::domain::run::Run;
use crate::store::runs::Damage;
use crate::store::{RunFolder, Runs};

/// Of one run, what the list tells.
struct Row {
    folder: RunFolder,
    /// `None` for one that never began.
    run: Option<Run>,
    damage: Option<Damage>,
    trouble: Option<String>,
}

/// Which of the runs are told.
pub struct Wanted<'a> {
    /// Those alone that are not over.
    pub open: bool,
    /// Those alone of this plan.
    pub plan: Option<&'a str>,
}

impl Wanted<'_> {
    /// What cannot be read may be any run: it is told.
    fn has(&self, row: &Row) -> bool {
        let Some(run) = &row.run else { return true };
        let of_plan = self.plan.is_none_or(|plan| {
            let slug = run.launch.slug.as_ref();
            let named = |name: &str| name.eq_ignore_ascii_case(plan);
            named(run.launch.name.as_str()) || slug.is_some_and(|slug| named(slug.as_str()))
        });
        of_plan && !(self.open && run.is_closed() && row.damage.is_none())
    }
}

pub fn run(runs: &Runs, site: &str, wanted: &Wanted<'_>, json: bool) -> Result<Exit, Complaint> {
    let all = runs.list()?;
    let none = all.is_empty();
    let rows = all.into_iter().map(read);
    let rows: Vec<Row> = rows.filter(|row| wanted.has(row)).collect();
    if json {
        let all: Vec<Value> = rows.iter().map(one).collect();
        print_json(&json!({ "schema": "failback/runs/1", "site": site, "runs": all }));
        return Ok(Exit::Done);
    }
    if none {
        output::print("No run yet. Launch one: failback run PLAN");
    } else if rows.is_empty() {
        output::print("No such run. All of them: failback runs list");
    } else {
        lines(&rows).iter().for_each(|line| output::print(line));
    }
    Ok(Exit::Done)
}

fn read(folder: RunFolder) -> Row {
    let (run, damage, trouble) = match folder.read() {
        Ok(reading) => {
            let live = folder.is_live();
            let damage = reading.damage.filter(|d| !(live && d.is_unfinished()));
            (Run::fold(&reading.lines), damage, None)
        }
        Err(trouble) => (None, None, Some(trouble.to_string())),
    };
    Row {
        folder,
        run,
        damage,
        trouble,
    }
}

/// `failback/runs/1`. Fields are only ever added.
fn one(row: &Row) -> Value {
    let mut all = json!({
        "run": row.folder.id(),
        "folder": row.folder.path(),
        "damage": row.damage.as_ref().map(ToString::to_string),
        "trouble": row.trouble,
        "state": "notBegun",
        "live": row.folder.is_live(),
    });
    let Some(run) = &row.run else { return all };
    let standing = Standing::of(run, &row.folder);
    let (ended, steps) = run.progress();
    let told = json!({
        "plan": run.launch.name,
        "slug": run.launch.slug,
        "intent": run.launch.intent,
        "by": run.launch.by,
        "begun": run.begun,
        "last": run.last,
        "ended": run.is_closed().then_some(run.last),
        "state": standing.word,
        "live": standing.live,
        "machines": run.machines.len(),
        "stepsEnded": ended,
        "steps": steps,
        "questions": run.questions.len(),
    });
    if let (Value::Object(all), Value::Object(told)) = (&mut all, told) {
        all.extend(told);
    }
    all
}

fn lines(rows: &[Row]) -> Vec<String> {
    const HEAD: [&str; 6] = ["RUN", "BEGUN", "PLAN", "KIND", "STEPS", "STATE"];
    let cells: Vec<[String; 6]> = rows.iter().map(line).collect();
    table::table(HEAD, &cells, 60)
}

fn line(row: &Row) -> [String; 6] {
    let id = row.folder.id().to_string();
    let damaged = match (&row.trouble, &row.damage) {
        (Some(why), _) => Some(format!("cannot be read: {why}")),
        (None, Some(damage)) => Some(format!("damaged: {damage}")),
        (None, None) => None,
    };
    let Some(run) = &row.run else {
        let words = damaged.unwrap_or_else(|| "never began".into());
        return [id, "-".into(), "-".into(), "-".into(), "-".into(), words];
    };
    let (ended, steps) = run.progress();
    let standing = Standing::of(run, &row.folder).words;
    [
        id,
        local(run.begun),
        run.launch.name.to_string(),
        run.launch.intent.to_string(),
        format!("{ended}/{steps}"),
        damaged.unwrap_or(standing),
    ]
}

/// A moment as people here read it, with its zone.
pub fn local(at: Timestamp) -> String {
    let zoned = at.to_zoned(TimeZone::system());
    zoned.strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}
