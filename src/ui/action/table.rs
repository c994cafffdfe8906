//! The rows. A new action is one more variant, one more row and one more arm of a handler; the
//! tests say which of the three is missing.

use super::{Action, Row, Scope};
use crate::ui::keys::Key;
use Key::{Char, Ctrl, F};

/// A row that changes nothing in Azure.
const fn row(
    scope: Scope,
    action: Action,
    name: &'static str,
    keys: &'static [Key],
    priority: u8,
    hint: &'static str,
    words: &'static str,
) -> Row {
    Row {
        action,
        scope,
        name,
        keys,
        hint,
        words,
        priority,
        dangerous: false,
    }
}

const fn dangerous(row: Row) -> Row {
    Row {
        dangerous: true,
        ..row
    }
}

use Action as A;
use Scope as S;

#[rustfmt::skip]
pub static TABLE: &[Row] = &[
    row(S::Machines, A::Open, "open", &[Key::Enter], 1, "open", "Show everything about the machine."),
    dangerous(row(S::Machines, A::Protect, "new-protection", &[Char('p')], 2, "protect", "Plan a new protection of the marked machines, from Azure to on-premises; nothing is sent before the plan is launched.")),
    dangerous(row(S::Machines, A::FailBack, "recover", &[Char('f')], 2, "fail back", "Plan the way home of the marked machines: recovery point, readiness, order; nothing is sent before the plan is launched.")),
    row(S::Machines, A::Actions, "actions", &[Char('x')], 2, "actions", "Everything that can be asked of the marked machines, or of the one under the cursor, and why the rest cannot."),
    dangerous(row(S::Machines, A::Complete, "complete-failover", &[], 0, "complete", "Complete the failover of a Hyper-V machine whose data is home: Azure stops its VM, sends what changed last, and the machine starts at home.")),
    dangerous(row(S::Machines, A::Commit, "commit", &[], 0, "commit", "Commit the failover: after a failback Azure may delete its VM; after a failover to Azure the other recovery points go.")),
    dangerous(row(S::Machines, A::CancelFailover, "cancel-failover", &[], 0, "cancel failover", "Cancel a modernised failback before its commit: the machine goes back to Azure, what was written at home is lost.")),
    dangerous(row(S::Machines, A::ProtectToAzure, "protect-to-azure", &[], 0, "protect to Azure", "Replicate a machine that came home to Azure again.")),
    dangerous(row(S::Machines, A::ChangePoint, "change-recovery-point", &[], 0, "change point", "Take another recovery point of a failover to Azure that is not committed.")),
    dangerous(row(S::Machines, A::FailOver, "fail-over-to-azure", &[], 0, "fail over", "Plan the way to Azure: what the VM is to be there, recovery point, readiness, order; nothing is sent before the plan is launched.")),
    dangerous(row(S::Machines, A::TestFailover, "test-failover", &[], 0, "test failover", "Make a VM for a test in Azure, in a network of its own.")),
    dangerous(row(S::Machines, A::CleanUpTest, "clean-up-test", &[], 0, "clean up test", "Do away with what a test failover made.")),
    row(S::Machines, A::Drafts, "drafts", &[Char('d')], 6, "drafts", "Go on with a draft of a wizard, or discard it."),
    row(S::Machines, A::Filter, "filter", &[Char('/')], 3, "filter", "Show only machines whose line holds every word; !word leaves out."),
    row(S::Machines, A::Mark, "mark", &[Char(' ')], 4, "mark", "Mark or unmark the machine and move on."),
    row(S::Machines, A::Sort, "sort", &[Char('s')], 7, "sort", "Sort by the next column."),
    row(S::Machines, A::Group, "group", &[Char('z')], 8, "group", "Group by replication group, vault, provider, or not at all."),
    row(S::Machines, A::MarkAll, "mark-all", &[Char('a')], 10, "all", "Mark all machines the filter shows, or unmark them."),
    row(S::Machines, A::Range, "range", &[Char('v')], 11, "range", "Start marking a range; again marks from there to here."),
    row(S::Machines, A::ReverseSort, "reverse-sort", &[Char('S')], 12, "reverse", "Turn the order round."),

    row(S::Filter, A::KeepFilter, "keep-filter", &[Key::Enter, Key::Tab], 1, "keep", "Keep the filter and go back to the list."),
    row(S::Filter, A::ClearFilter, "clear-filter", &[Key::Esc, Ctrl('g')], 2, "clear", "Clear the filter."),
    row(S::Filter, A::Up, "filter-up", &[Key::Up], 0, "up", "One line up."),
    row(S::Filter, A::Down, "filter-down", &[Key::Down], 0, "down", "One line down."),
    row(S::Filter, A::PageUp, "filter-page-up", &[Key::PageUp], 0, "page up", "One page up."),
    row(S::Filter, A::PageDown, "filter-page-down", &[Key::PageDown], 0, "page down", "One page down."),

    dangerous(row(S::Detail, A::Protect, "new-protection", &[Char('p')], 1, "protect", "Plan a new protection of the machine, from Azure to on-premises; nothing is sent before the plan is launched.")),
    dangerous(row(S::Detail, A::FailBack, "recover", &[Char('f')], 1, "fail back", "Plan the way home of the machine: recovery point, readiness; nothing is sent before the plan is launched.")),
    row(S::Detail, A::Actions, "actions", &[Char('x'), Key::Enter], 1, "actions", "Everything that can be asked of the machine, and why the rest cannot."),
    dangerous(row(S::Detail, A::Complete, "complete-failover", &[], 0, "complete", "Complete the failover of a Hyper-V machine whose data is home: Azure stops its VM, sends what changed last, and the machine starts at home.")),
    dangerous(row(S::Detail, A::Commit, "commit", &[], 0, "commit", "Commit the failover: after a failback Azure may delete its VM; after a failover to Azure the other recovery points go.")),
    dangerous(row(S::Detail, A::CancelFailover, "cancel-failover", &[], 0, "cancel failover", "Cancel a modernised failback before its commit: the machine goes back to Azure, what was written at home is lost.")),
    dangerous(row(S::Detail, A::ProtectToAzure, "protect-to-azure", &[], 0, "protect to Azure", "Replicate a machine that came home to Azure again.")),
    dangerous(row(S::Detail, A::ChangePoint, "change-recovery-point", &[], 0, "change point", "Take another recovery point of a failover to Azure that is not committed.")),
    dangerous(row(S::Detail, A::FailOver, "fail-over-to-azure", &[], 0, "fail over", "Plan the way to Azure: what the VM is to be there, recovery point, readiness, order; nothing is sent before the plan is launched.")),
    dangerous(row(S::Detail, A::TestFailover, "test-failover", &[], 0, "test failover", "Make a VM for a test in Azure, in a network of its own.")),
    dangerous(row(S::Detail, A::CleanUpTest, "clean-up-test", &[], 0, "clean up test", "Do away with what a test failover made.")),
    row(S::Detail, A::CopyIds, "copy-ids", &[Char('c')], 2, "copy ids", "Send the machine's names and ids to your terminal's clipboard."),
    row(S::Detail, A::PlainPage, "plain-page", &[Char('y')], 3, "plain page", "The same without frames, full width, to be selected with the mouse."),

    row(S::Monitor, A::Open, "open", &[Key::Enter], 1, "open", "Show the run, answer the question, or get the saved plan ready to be launched."),
    dangerous(row(S::Monitor, A::Answer, "answer", &[Char('a')], 2, "answer", "Answer the oldest question that waits, of the run under the cursor first.")),
    dangerous(row(S::Monitor, A::Launch, "launch", &[Char('l')], 3, "launch", "Launch the plan: checks its readiness again, shows every call, asks for the plan's name.")),
    dangerous(row(S::Monitor, A::Pause, "pause", &[Char('P')], 7, "pause", "Pause the run: it begins nothing new, what runs in Azure goes on. Again: let it go on.")),
    dangerous(row(S::Monitor, A::Stop, "stop", &[Char('X')], 8, "stop", "Stop the run: it sends nothing more; what runs in Azure goes on there. Asks first.")),
    dangerous(row(S::Monitor, A::Resume, "resume", &[Char('R')], 9, "resume", "Go on with a run that nobody carries out any more: looks first what became of what was sent. Asks first.")),
    row(S::Monitor, A::History, "history", &[Char('h')], 6, "history", "All runs that were made, newest first; typing narrows, Enter opens one."),
    row(S::Monitor, A::CopyIds, "copy-ids", &[Char('c')], 10, "copy ids", "Send the run's ids to your terminal's clipboard, for support."),

    row(S::Run, A::Open, "open", &[Key::Enter], 1, "open", "Show all of the machine: steps, tasks, errors, ids."),
    dangerous(row(S::Run, A::Answer, "answer", &[Char('a')], 2, "answer", "Answer the question of the machine under the cursor, or the oldest of the run.")),
    row(S::Run, A::Timeline, "timeline", &[Char('t')], 3, "timeline", "The waves and machines as bars over time, with what is expected; again: their steps."),
    dangerous(row(S::Run, A::Resume, "resume", &[Char('R')], 9, "resume", "Go on with a run that nobody carries out any more: looks first what became of what was sent. Asks first.")),
    row(S::Run, A::CopyIds, "copy-ids", &[Char('c')], 8, "copy ids", "Send vault, item, job, request and activity ids to your terminal's clipboard, for support."),
    dangerous(row(S::Run, A::Pause, "pause", &[Char('P')], 7, "pause", "Pause the run: it begins nothing new, what runs in Azure goes on. Again: let it go on.")),
    dangerous(row(S::Run, A::Stop, "stop", &[Char('X')], 8, "stop", "Stop the run: it sends nothing more; what runs in Azure goes on there. Asks first.")),
    row(S::Run, A::PlainPage, "plain-page", &[Char('y')], 9, "plain page", "The same without frames, full width, to be selected with the mouse."),

    row(S::Infrastructure, A::Open, "open", &[Key::Enter], 1, "open", "Show everything about the server."),
    row(S::Activity, A::Open, "open", &[Key::Enter], 1, "open", "Show the job with its tasks and errors."),

    row(S::Connect, A::NextField, "next-field", &[Key::Tab, Key::Down], 1, "next", "Next field."),
    row(S::Connect, A::PreviousField, "previous-field", &[Key::ShiftTab, Key::Up], 4, "previous", "Previous field; nothing that was typed is lost."),
    row(S::Connect, A::Press, "press", &[Key::Enter], 3, "next / press", "Accept the field and go on, or press the button."),
    row(S::Connect, A::TestSite, "test-site", &[F(5)], 2, "test", "Test the site as filled in; nothing is changed in Azure."),
    row(S::Connect, A::SaveSite, "save-site", &[F(10), Ctrl('o')], 3, "save", "Save the site and read it."),
    row(S::Connect, A::Back, "leave-connect", &[Key::Esc], 6, "back", "Back to the machines; what was typed is kept."),
    row(S::Connect, A::PageUp, "connect-page-up", &[Key::PageUp], 0, "page up", "Scroll what was found up."),
    row(S::Connect, A::PageDown, "connect-page-down", &[Key::PageDown], 0, "page down", "Scroll what was found down."),

    row(S::Wizard, A::Press, "press", &[Key::Enter], 1, "choose / next", "Take what the cursor is on and go to the next field, or press the button."),
    row(S::Wizard, A::Toggle, "toggle", &[Char(' ')], 2, "mark", "Mark the machine, or take what the cursor is on and stay."),
    row(S::Wizard, A::NextField, "next-field", &[Key::Tab], 3, "next field", "To the next field, at the end to the buttons."),
    row(S::Wizard, A::PreviousField, "previous-field", &[Key::ShiftTab], 0, "previous", "To the field before."),
    row(S::Wizard, A::Back, "step-back", &[Key::Esc, Ctrl('g')], 4, "back", "To the step before; from the first one leave, what was answered is kept as a draft."),
    row(S::Wizard, A::Recheck, "check-again", &[Char('r'), F(5)], 7, "check again", "Find out again whether everything is ready; among identities: read drscout.conf by Run Command, from the buttons of all that are not settled."),
    row(S::Wizard, A::PasteFile, "paste-file", &[Char('p')], 5, "paste", "Among identities: paste the drscout.conf of the machine under the cursor."),
    row(S::Wizard, A::OpenFile, "open-file", &[Char('o')], 6, "open file", "Among identities: open a file that is its drscout.conf."),
    row(S::Wizard, A::ReadBySsh, "read-by-ssh", &[Char('s')], 8, "ssh", "Among identities: read its drscout.conf by your own ssh."),
    row(S::Wizard, A::StopReading, "stop-reading", &[Char('x')], 9, "stop", "Among identities: no longer wait for a file that is being read."),
    row(S::Wizard, A::Up, "wizard-up", &[Key::Up, Char('k')], 0, "up", "One line up."),
    row(S::Wizard, A::Down, "wizard-down", &[Key::Down, Char('j')], 0, "down", "One line down."),
    row(S::Wizard, A::Earlier, "earlier", &[Key::Left], 0, "earlier", "To an earlier wave; fold the machine's own settings; to the other button."),
    row(S::Wizard, A::Later, "later", &[Key::Right], 0, "later", "To a later wave; unfold the machine's own settings; to the other button."),
    row(S::Wizard, A::PageUp, "wizard-page-up", &[Key::PageUp], 0, "page up", "Scroll up, or many machines up."),
    row(S::Wizard, A::PageDown, "wizard-page-down", &[Key::PageDown], 8, "more", "Scroll down, or many machines down."),
    row(S::Wizard, A::First, "wizard-first", &[Key::Home, Char('g')], 0, "first", "To the first line."),
    row(S::Wizard, A::Last, "wizard-last", &[Key::End, Char('G')], 0, "last", "To the buttons."),

    row(S::Drafts, A::Press, "go-on", &[Key::Enter], 1, "go on", "Go on with the draft."),
    row(S::Drafts, A::Discard, "discard", &[Char('x')], 2, "discard", "Discard the draft; asks by a second press."),
    row(S::Drafts, A::Close, "close", &[Key::Esc, Char('q')], 3, "later", "Leave them for later."),

    row(S::Menu, A::Press, "choose", &[Key::Enter], 1, "choose", "Go on with the action; nothing is sent before its calls are shown and a name is typed."),
    row(S::Menu, A::Close, "close", &[Key::Esc, Char('q'), Ctrl('g')], 2, "close", "Ask nothing of the machines."),
    row(S::Menu, A::Up, "menu-up", &[Key::Up, Char('k')], 0, "up", "One line up."),
    row(S::Menu, A::Down, "menu-down", &[Key::Down, Char('j')], 0, "down", "One line down."),
    row(S::Menu, A::First, "menu-first", &[Key::Home, Char('g')], 0, "first", "To the first line."),
    row(S::Menu, A::Last, "menu-last", &[Key::End, Char('G')], 0, "last", "To the last line."),
    dangerous(row(S::Menu, A::Protect, "new-protection", &[Char('p')], 0, "protect", "Plan a new protection, from Azure to on-premises.")),
    dangerous(row(S::Menu, A::FailBack, "recover", &[Char('f')], 0, "fail back", "Plan the way home.")),
    dangerous(row(S::Menu, A::Complete, "complete-failover", &[Char('o')], 0, "complete", "Complete the failover of a Hyper-V machine whose data is home: Azure stops its VM, sends what changed last, and the machine starts at home.")),
    dangerous(row(S::Menu, A::Commit, "commit", &[Char('c')], 0, "commit", "Commit the failover: after a failback Azure may delete its VM; after a failover to Azure the other recovery points go.")),
    dangerous(row(S::Menu, A::CancelFailover, "cancel-failover", &[Char('u')], 0, "cancel failover", "Cancel a modernised failback before its commit: the machine goes back to Azure, what was written at home is lost.")),
    dangerous(row(S::Menu, A::ProtectToAzure, "protect-to-azure", &[Char('b')], 0, "protect to Azure", "Replicate a machine that came home to Azure again.")),
    dangerous(row(S::Menu, A::ChangePoint, "change-recovery-point", &[Char('r')], 0, "change point", "Take another recovery point of a failover to Azure that is not committed.")),
    dangerous(row(S::Menu, A::FailOver, "fail-over-to-azure", &[Char('a')], 0, "fail over", "Plan the way to Azure: what the VM is to be there, recovery point, readiness, order; nothing is sent before the plan is launched.")),
    dangerous(row(S::Menu, A::TestFailover, "test-failover", &[Char('t')], 0, "test failover", "Make a VM for a test in Azure, in a network of its own.")),
    dangerous(row(S::Menu, A::CleanUpTest, "clean-up-test", &[Char('l')], 0, "clean up test", "Do away with what a test failover made.")),

    row(S::Picking, A::Press, "choose", &[Key::Enter], 1, "choose", "Take what the cursor is on, and go on to the next choice or to the launch."),
    row(S::Picking, A::Close, "back", &[Key::Esc, Char('q'), Ctrl('g')], 2, "back", "To the choice before; from the first one nothing is done."),
    row(S::Picking, A::Up, "picking-up", &[Key::Up, Char('k')], 0, "up", "One line up."),
    row(S::Picking, A::Down, "picking-down", &[Key::Down, Char('j')], 0, "down", "One line down."),
    row(S::Picking, A::PageUp, "picking-page-up", &[Key::PageUp], 0, "page up", "Many lines up."),
    row(S::Picking, A::PageDown, "picking-page-down", &[Key::PageDown], 0, "page down", "Many lines down."),
    row(S::Picking, A::First, "picking-first", &[Key::Home, Char('g')], 0, "first", "To the first line."),
    row(S::Picking, A::Last, "picking-last", &[Key::End, Char('G')], 0, "last", "To the last line."),

    row(S::Palette, A::Run, "run", &[Key::Enter], 1, "run", "Run the command."),
    row(S::Palette, A::Close, "close", &[Key::Esc, Ctrl('g')], 2, "close", "Close the list of commands."),
    row(S::Palette, A::Up, "palette-up", &[Key::Up, Key::ShiftTab], 0, "up", "One line up."),
    row(S::Palette, A::Down, "palette-down", &[Key::Down, Key::Tab], 0, "down", "One line down."),
    row(S::Palette, A::PageUp, "palette-page-up", &[Key::PageUp], 0, "page up", "One page up."),
    row(S::Palette, A::PageDown, "palette-page-down", &[Key::PageDown], 0, "page down", "One page down."),

    row(S::Confirm, A::Press, "press", &[Key::Enter], 1, "press", "Press the button that is marked; it is Cancel until the name is typed."),
    row(S::Confirm, A::NextField, "next-field", &[Key::Tab, Key::Down], 2, "next", "Next: the name, Cancel, Send."),
    row(S::Confirm, A::PreviousField, "previous-field", &[Key::ShiftTab, Key::Up], 0, "previous", "Previous."),
    row(S::Confirm, A::Close, "close", &[Key::Esc, Ctrl('g')], 3, "cancel", "Send nothing."),
    row(S::Confirm, A::PageUp, "confirm-page-up", &[Key::PageUp], 0, "page up", "Scroll the call up."),
    row(S::Confirm, A::PageDown, "confirm-page-down", &[Key::PageDown], 4, "more", "Scroll the call down."),

    row(S::Handing, A::Press, "take", &[Key::Enter], 1, "take", "Take the file."),
    row(S::Handing, A::Close, "close", &[Key::Esc, Ctrl('g')], 2, "cancel", "Take no file."),

    row(S::Question, A::Press, "press", &[Key::Enter], 1, "answer", "Give the marked answer; asks first for what it wants."),
    row(S::Question, A::NextField, "next-field", &[Key::Tab, Key::Down], 2, "next", "The next answer, or what the marked one wants."),
    row(S::Question, A::PreviousField, "previous-field", &[Key::ShiftTab, Key::Up], 0, "previous", "The answer before."),
    row(S::Question, A::Toggle, "tick", &[Char(' ')], 4, "tick", "Tick the check that the keys are on, or take the tick away; the answer names those that are ticked."),
    row(S::Question, A::NextQuestion, "next-question", &[F(8)], 4, "next question", "The next question that waits."),
    row(S::Question, A::PreviousQuestion, "previous-question", &[F(7)], 0, "question before", "The question before."),
    row(S::Question, A::Close, "close", &[Key::Esc, Ctrl('g')], 3, "leave it open", "Answer nothing; the question stays open."),
    row(S::Question, A::PageUp, "question-page-up", &[Key::PageUp], 0, "page up", "Scroll what is known up."),
    row(S::Question, A::PageDown, "question-page-down", &[Key::PageDown], 5, "more", "Scroll what is known down."),

    row(S::History, A::Press, "open", &[Key::Enter], 1, "open", "Open the run: its steps, jobs, errors, and how to get its report."),
    row(S::History, A::Close, "close", &[Key::Esc, Ctrl('g')], 2, "back", "Clear the words, else back to the Monitor."),
    row(S::History, A::Up, "history-up", &[Key::Up], 0, "up", "One line up."),
    row(S::History, A::Down, "history-down", &[Key::Down], 0, "down", "One line down."),
    row(S::History, A::PageUp, "history-page-up", &[Key::PageUp], 0, "page up", "One page up."),
    row(S::History, A::PageDown, "history-page-down", &[Key::PageDown], 3, "more", "One page down."),

    row(S::Follow, A::Close, "close", &[Key::Esc, Char('q')], 1, "close", "Close; the job goes on in Azure and Activity shows it again."),
    row(S::Follow, A::CopyIds, "copy-ids", &[Char('c')], 2, "copy ids", "Send the request, job and activity ids to your terminal's clipboard."),
    row(S::Follow, A::Actions, "actions", &[Char('x')], 3, "actions", "Everything that can be asked of the machine that the job is about, and why the rest cannot."),
    row(S::Page, A::Close, "close", &[Key::Esc, Char('q'), Key::Enter], 1, "close", "Close."),

    row(S::Moving, A::Up, "up", &[Char('k'), Key::Up], 0, "up", "One line up."),
    row(S::Moving, A::Down, "down", &[Char('j'), Key::Down], 14, "down", "One line down."),
    row(S::Moving, A::PageUp, "page-up", &[Key::PageUp], 0, "page up", "One page up."),
    row(S::Moving, A::PageDown, "page-down", &[Key::PageDown], 0, "page down", "One page down."),
    row(S::Moving, A::HalfUp, "half-page-up", &[Ctrl('u')], 0, "half up", "Half a page up."),
    row(S::Moving, A::HalfDown, "half-page-down", &[Ctrl('d')], 0, "half down", "Half a page down."),
    row(S::Moving, A::First, "first", &[Char('g'), Key::Home], 0, "first", "To the first line."),
    row(S::Moving, A::Last, "last", &[Char('G'), Key::End], 0, "last", "To the last line."),

    row(S::Global, A::Machines, "machines", &[Char('1')], 0, "machines", "The machines."),
    row(S::Global, A::Monitor, "monitor", &[Char('2')], 0, "monitor", "Plans and runs: what runs, what waits for you."),
    row(S::Global, A::Infrastructure, "infrastructure", &[Char('3')], 0, "infrastructure", "Configuration servers, process servers, master targets, appliances, hosts."),
    row(S::Global, A::Activity, "activity", &[Char('4')], 0, "activity", "The recent jobs of the vaults."),
    row(S::Global, A::NextScreen, "next-screen", &[Key::Tab], 13, "screen", "The next screen."),
    row(S::Global, A::PreviousScreen, "previous-screen", &[Key::ShiftTab], 0, "screen", "The screen before."),
    row(S::Global, A::Connect, "connect", &[], 0, "connect", "Connect and test a site."),
    row(S::Global, A::Refresh, "refresh", &[Char('r'), Ctrl('r')], 9, "refresh", "Read everything again."),
    row(S::Global, A::Sources, "sources", &[Char('e')], 9, "what was read", "Each part of what is shown: when it was read, and why not."),
    row(S::Global, A::Back, "back", &[Key::Esc, Key::Backspace], 5, "back", "Clear the filter, else go back."),
    row(S::Global, A::Quit, "quit", &[Char('q')], 15, "quit", "Leave; runs and jobs go on."),

    row(S::Always, A::Palette, "commands", &[Char(':'), Ctrl('p')], 6, "commands", "All commands with their keys; typing narrows."),
    row(S::Always, A::Help, "help", &[Char('?'), F(1)], 5, "help", "This help."),
    row(S::Always, A::Ascii, "ascii", &[], 0, "ascii", "Draw with ASCII only, or with line characters."),
    row(S::Always, A::Redraw, "redraw", &[Ctrl('l')], 0, "redraw", "Draw the whole screen again."),
    row(S::Always, A::Suspend, "suspend", &[Ctrl('z')], 0, "suspend", "Suspend the program; fg brings it back."),
    row(S::Always, A::Interrupt, "interrupt", &[Ctrl('c')], 0, "cancel", "Cancel what is asked for or open; twice leaves."),
];
