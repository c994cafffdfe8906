//! Where the rules come from: what the marks mean that stand behind words on the screen, as in `[002]`.

/// A mark, and what it stands for. Titles are those of Microsoft's documentation of Site Recovery.
pub const CITED: [(&str, &str); 10] = [
    (
        "000",
        "Fail back VMware virtual machines and physical servers from Azure to VMware (legacy), 2017",
    ),
    ("001", "Fail back from Azure to an on-premises site, 2017"),
    ("002", "Reprotect from Azure to an on-premises site, 2017"),
    ("003", "Run a failback for Hyper-V VMs, 2019"),
    ("004", "Fail over VMware VMs (preview), 2021"),
    (
        "REST",
        "Microsoft's swagger of the Site Recovery API (2022-08-01, 2024-04-01), and answers that were recorded",
    ),
    ("CODES", "Microsoft's lists of Site Recovery error codes"),
    (
        "STALE",
        "where an article above is older than the service: both are weighed",
    ),
    (
        "OTHERS",
        "what other recovery programs look at before they begin",
    ),
    ("X", "Microsoft's later articles and their issues on GitHub"),
];

/// What a mark stands for; `STALE-2` and `X-9` are numbered. `None` for the name of a page, which
/// speaks for itself.
#[must_use]
pub fn title(mark: &str) -> Option<&'static str> {
    let kind = mark.split('-').next().unwrap_or(mark);
    let found = CITED.iter().find(|(own, _)| *own == kind);
    found.map(|(_, title)| *title)
}

/// Marks with their titles, to be read by people.
#[must_use]
pub fn told(marks: &[&str]) -> String {
    let told = marks.iter().map(|mark| match title(mark) {
        Some(title) => format!("{title} [{mark}]"),
        None => format!("[{mark}]"),
    });
    told.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_is_told_by_its_title_and_a_page_by_its_name() {
        assert_eq!(title("X-9"), title("X"));
        assert!(title("STALE-2").is_some_and(|title| title.contains("older")));
        assert_eq!(title("vmware-azure-reprotect"), None);
        assert_eq!(
            told(&["002", "vmware-azure-reprotect"]),
            "Reprotect from Azure to an on-premises site, 2017 [002]; [vmware-azure-reprotect]"
        );
    }
}
