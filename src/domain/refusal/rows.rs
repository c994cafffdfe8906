//! The rows. The first that holds is the one that is told.

use super::{Refusal, Situation};
use crate::domain::place::{Class, Generation, Place};
use crate::domain::stage::Stage;
use crate::domain::verb::Verb;

/// One rule: for which verbs, when, and what is said.
pub(super) struct Row {
    verbs: &'static [Verb],
    when: fn(&Situation<'_>) -> bool,
    refusal: Refusal,
}

/// The refusal of the first row that holds.
pub(super) fn find(rows: &[Row], situation: &Situation<'_>, verb: Verb) -> Option<Refusal> {
    let holds = |row: &&Row| row.verbs.contains(&verb) && (row.when)(situation);
    rows.iter().find(holds).map(|row| row.refusal)
}

macro_rules! rows {
    ($([$($verb:ident),+] $when:expr => $why:literal, $instead:literal, $source:literal;)*) => {
        &[$(Row {
            verbs: &[$(Verb::$verb),+],
            when: $when,
            refusal: Refusal { why: $why, instead: $instead, source: $source },
        }),*]
    };
}

/// What no row explains.
pub(super) const NOT_OFFERED: Refusal = Refusal {
    why: "Azure does not offer it now.",
    instead: "Do what is offered first, or look again when Azure's job is over.",
    source: "asr-rest.md 4",
};

/// They hold also where Azure lists the operation.
pub(super) const GUARDS: &[Row] = rows! {
    [FailBack, Complete, Commit, Cancel, Protect, ProtectToAzure, ChangeRecoveryPoint, FailOverToAzure,
     TestFailover, TestFailoverCleanup]
        |s| matches!(s.machine.class, Class::Other(_))
        => "failback does not know how this machine is protected.",
           "Use the Azure portal for it.", "asr-rest.md 4";
    [FailBack, Complete, Commit, Protect, ProtectToAzure, ChangeRecoveryPoint, FailOverToAzure,
     TestFailover, TestFailoverCleanup]
        |s| matches!(s.machine.place, Place::Unknown(_))
        => "Azure does not say clearly where the machine runs, and every direction depends on that.",
           "Read it again; if it stays so, look at the machine in the Azure portal.", "asr-rest.md 13";
    [Resynchronise] |_| true
        => "failback does not begin a resynchronisation.",
           "Begin it in the Azure portal: Resynchronise.", "asr-rest.md 4";

    // Cancel is explained whatever else is the matter: nobody is to look for another way to it.
    [Cancel] |s| s.is(Generation::Classic)
        => "A classic failover cannot be cancelled, in neither direction.",
           "Commit it; a machine that came home goes back by Protect to Azure and Fail over to Azure.",
           "[004] MOD-14";
    [Cancel] |s| s.is(Generation::HyperV)
        => "A Hyper-V failback must not be cancelled: once its data synchronisation began, the \
            machine at home would be corrupt.",
           "Let it end. If somebody cancelled it, do not boot the machine at home: run Fail back again.",
           "[003] HV-29, HV-30";
    [Cancel] |s| s.machine.class == Class::ModernisedToAzure
        => "A failover to Azure cannot be cancelled: replication was stopped before it.",
           "Choose another recovery point until commit, or bring the machine home: Protect, then Fail back.",
           "[004] MOD-13, FWD-09";
    [Cancel] |s| *s.stage() == Stage::Committed
        => "The failback is committed, and a commit cannot be taken back.",
           "Protect to Azure, then Fail over to Azure, if the machine must go back.", "[004] MOD-07";

    [FailBack] |s| s.waiting_failback().is_some()
        => "Its failback has begun, and waits after its data synchronisation.",
           "Complete failover.", "[003] HV-17";
    [FailBack, Commit, ProtectToAzure, ChangeRecoveryPoint, FailOverToAzure, TestFailover, Protect,
     TestFailoverCleanup]
        |s| s.fails_back()
        => "Its failback is under way, and its job must not be cancelled.",
           "Let it go on; where it waits after its data synchronisation, Complete failover.",
           "[003] HV-17, HV-29";
    [FailBack, Commit, Cancel, Protect, ProtectToAzure, ChangeRecoveryPoint, FailOverToAzure, TestFailover]
        |s| s.busy()
        => "A job of Azure is under way on it.",
           "Wait until that is over, then look again.", "asr-rest.md 9";

    [ProtectToAzure] |s| s.at_home() && s.machine.commit_pending()
        => "Its failback is not committed: Protect to Azure would commit it unasked, and the VM in \
            Azure would be gone.",
           "Commit first, once somebody looked at the machine at home.", "asr-rest.md 13";
    [FailBack] |s| s.is(Generation::HyperV) && s.in_azure() && s.machine.commit_pending()
        => "Its failover to Azure is not committed.",
           "Commit first; then it can fail back.", "[003] HV-05";
};

/// Why Azure does not list it.
pub(super) const REASONS: &[Row] = rows! {
    [FailBack] |s| s.at_home()
        => "It runs at home already.",
           "Nothing is to be brought home; Protect to Azure replicates it there again.", "[001] FB-05";
    [FailBack] |s| s.azureward() && s.in_azure()
        => "It does not replicate home yet.",
           "Protect first; it can fail back when its copy at home is whole.", "[001] FB-01";
    [FailBack] |s| s.homeward() && s.synchronises()
        => "Its first synchronisation towards home is not over.",
           "Wait until it is replicating home.", "[001] FB-01";

    [Complete] |s| s.is(Generation::Classic)
        => "A classic failback does not wait to be completed: it runs to its end.",
           "Commit it, once somebody looked at the machine.", "[003] HV-17";
    [Complete] |s| s.is(Generation::Modernised)
        => "A modernised failback does not wait to be completed: it runs to its end.",
           "Commit it once somebody looked at the machine, or Cancel failover.", "[003] HV-17";
    [Complete] |s| s.fails_back()
        => "Its failback is under way and does not wait to be completed now.",
           "Wait for the end of its data synchronisation, and never cancel its job.", "[003] HV-17, HV-29";
    [Complete] |_| true
        => "No failback of it waits to be completed.",
           "Fail back with the synchronisation before the failover waits so.", "[003] HV-17";

    [Commit] |s| *s.stage() == Stage::Committed
        => "It is committed already.",
           "From Azure it comes home by Fail back, or by Protect first; from home Protect to Azure \
            replicates it there.", "[001] COM-01";
    [Commit] |s| matches!(s.stage(), Stage::Protected) || s.synchronises()
        => "There is no failover to commit.",
           "Commit follows Fail back, or Fail over to Azure.", "[001] COM-01";

    [Cancel] |s| s.machine.class == Class::ModernisedHome && s.in_azure()
        => "There is no failback to cancel.",
           "Nothing is to be done: it runs in Azure.", "[004] MOD-07";
    [Cancel] |_| true
        => "Azure does not offer to cancel the failback now.",
           "Follow the recommended action of its failed job, then try again; never disable its \
            replication, and ask Microsoft's support if it stays so.", "[004] MOD-09, MOD-18";

    [Protect] |s| s.is(Generation::HyperV)
        => "A Hyper-V machine needs no protection before it fails back.",
           "Fail back, once its failover to Azure is committed.", "[003] HV-05";
    [Protect] |s| s.homeward() && s.in_azure()
        => "It is protected towards home already.",
           "Fail back, once it is replicating home.", "[002] RPF-10";
    [Protect] |s| s.homeward() && s.at_home()
        => "It came home: protection towards home has done its work.",
           "Commit if that is open, then Protect to Azure.", "[001] RPA-01";
    [Protect] |s| s.at_home()
        => "It runs at home: only a machine that runs in Azure is protected towards home.",
           "Fail over to Azure first, if it is to run there.", "[002] RPF-04";

    [ProtectToAzure] |s| (s.azureward() || s.is(Generation::HyperV)) && s.at_home()
            && (*s.stage() == Stage::Protected || s.synchronises())
        => "It is protected to Azure already.",
           "Fail over to Azure, or Test failover, once it replicates.", "[001] RPA-04";
    [ProtectToAzure] |s| s.in_azure()
        => "It runs in Azure: only a machine that came home is protected to Azure again.",
           "Fail back and commit first.", "[001] RPA-01";

    [ChangeRecoveryPoint] |s| s.in_azure() && *s.stage() == Stage::Committed && !s.homeward()
        => "Its failover is committed, and a commit deletes the other recovery points.",
           "Another point can be chosen only until commit.", "[004] FWD-12, FWD-13";
    [ChangeRecoveryPoint] |s| s.homeward() || (s.is(Generation::HyperV) && s.machine.commit_pending() && s.at_home())
        => "Only after a failover to Azure can another recovery point be chosen.",
           "The way home takes its point when Fail back is sent.", "[004] FWD-12";
    [ChangeRecoveryPoint] |_| true
        => "There is no failover to Azure whose recovery point could be changed.",
           "Fail over to Azure, and choose the point then.", "[004] FWD-12";

    [FailOverToAzure, TestFailover] |s| s.in_azure()
        => "It runs in Azure already.",
           "Bring it home first.", "[004] FWD-01";
    [FailOverToAzure, TestFailover] |s| s.at_home() && s.synchronises()
        => "Its first synchronisation to Azure is not over.",
           "Wait until it is replicating to Azure.", "[004] FWD-01";
    [FailOverToAzure, TestFailover] |s| s.machine.next.offers(Verb::TestFailoverCleanup)
        => "A test of it stands in Azure.",
           "Clean up test failover first.", "[004] FWD-01";
    [FailOverToAzure, TestFailover] |s| s.at_home() && s.machine.commit_pending()
        => "It came home, and its failback is not committed.",
           "Commit, then Protect to Azure.", "[001] COM-01, RPA-01";
    [FailOverToAzure, TestFailover] |s| s.at_home() && *s.stage() == Stage::Committed
        => "It came home, and does not replicate to Azure.",
           "Protect to Azure first.", "[001] RPA-01, RPA-04";

    [TestFailoverCleanup] |_| true
        => "No test of it stands in Azure.",
           "Nothing is to be cleaned up.", "asr-rest.md 9";
};
