mod fuzz;
mod rules;
mod samples;

use super::*;

/// Line and sentence of every finding.
fn told(conf: &Conf) -> Vec<String> {
    conf.findings.iter().map(Finding::words).collect()
}

fn has(conf: &Conf, line: impl Into<Option<u32>>, what: &What) -> bool {
    let line = line.into();
    conf.findings
        .iter()
        .any(|f| f.line == line && f.what == *what)
}
