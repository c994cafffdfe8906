//! A runner may die at any moment: whoever goes on with its run makes every change exactly once.
//!
//! Ten machines of three generations come home in three waves, committed. A *point* is a moment at
//! which the runner of one such run dies: with so many records in its journal (`with`), with the last
//! of them durable and whoever had it written never told (`untold`), and before, after and within each
//! send. The next runner goes on, with a person who answers, and everything is at home in the end.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use failback::domain::Plan;
use failback::domain::run::Closing;

use crate::kill_sends::*;
use crate::lab::Lab;
use crate::mortal::{Death, live};
use crate::points::everywhere;
use crate::run::Book;
use crate::ten::{Ten, all_is_well, is_progress, names, standing, wants_it_home};

/// The plan, and how everything stands when nobody dies.
pub async fn undisturbed() -> (Plan, BTreeMap<String, String>) {
    let ten = Ten::start(Lab::wanted()).await;
    let book = Book::default();
    let came = live(&ten.lab, &ten.plan, &book, None, async |q| wants_it_home(q)).await;
    assert_eq!(came, Some(Closing::Done), "{}", book.story());
    let standing = standing(&ten.lab).await;
    let told = all_is_well(&ten, &book.run(), Closing::Done, &standing).await;
    assert_eq!(told, Ok(()), "{}", book.story());
    assert_eq!(standing.len(), 10);
    for (name, words) in &standing {
        assert!(words.contains("\"running\" lost 0.0"), "{name}: {words}");
        assert!(
            !words.contains("\"Primary\" \"running\""),
            "{name}: {words}"
        );
    }
    (ten.plan, standing)
}

#[test]
fn after_a_death_at_any_record_every_change_is_made_exactly_once() {
    let begun = Instant::now();
    let (plan, wanted) = block_on(undisturbed());
    // Where the journal ended: no later record has to be tried.
    let end = AtomicUsize::new(usize::MAX);
    let points: Vec<(usize, bool)> = (0..600)
        .flat_map(|records| [(records, true), (records, false)])
        .filter(|(records, told)| *told || is_wanted(*records))
        .collect();
    let died = everywhere(&points, async |(records, told)| {
        if *records > end.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let ten = Ten::again(Lab::wanted(), &plan).await;
        let death = match told {
            true => Death::with(*records),
            false => Death::untold(*records),
        };
        let book = Book::default();
        let mut came = live(&ten.lab, &plan, &book, Some(death), async |q| {
            wants_it_home(q)
        })
        .await;
        let died = came.is_none();
        if died {
            came = live(&ten.lab, &plan, &book, None, async |q| wants_it_home(q)).await;
        } else if *records > 0 {
            end.fetch_min(*records, Ordering::Relaxed);
        }
        let closing = came.ok_or("it died again")?;
        let well = all_is_well(&ten, &book.run(), closing, &wanted).await;
        well.map_err(|why| format!("{why}\n{}", book.story()))?;
        Ok(died)
    });
    println!(
        "kill points: {died} deaths: at every record up to the {}th, and with {} of them durable and \
         nobody told, in {:?}",
        end.load(Ordering::Relaxed),
        how_many(),
        begun.elapsed()
    );
    assert!(died > if all() { 520 } else { 350 }, "{died}");
}

#[test]
fn around_every_send_under_every_way_of_not_seeing_it_nothing_is_sent_twice() {
    let begun = Instant::now();
    let (plan, wanted) = block_on(undisturbed());
    let mut points = Vec::new();
    let mut place = 0;
    for circumstance in Circumstance::ALL {
        for moment in Moment::ALL {
            if !circumstance.is_possible(moment) {
                continue;
            }
            for name in names() {
                // Where nothing hides what was sent, every machine; else some, and not always the same.
                place += 1;
                if circumstance == Circumstance::Nothing || is_wanted(place) {
                    points.push((circumstance, moment, name));
                }
            }
        }
    }
    let deaths = AtomicUsize::new(0);
    let struck = AtomicUsize::new(0);
    everywhere(&points, async |(circumstance, moment, name)| {
        let came = around_sends(*circumstance, *moment, name, &plan, &wanted).await?;
        deaths.fetch_add(came.deaths, Ordering::Relaxed);
        struck.fetch_add(came.struck, Ordering::Relaxed);
        Ok(came.deaths > 0)
    });
    let deaths = deaths.into_inner();
    println!(
        "kill points: {deaths} deaths around sends in {} runs ({} of them where something hides it), \
         {} times with a hand of somebody else's in it, in {:?}",
        points.len(),
        how_many(),
        struck.into_inner(),
        begun.elapsed()
    );
    // Every send of each machine, under each circumstance, at each of its moments.
    let sends = |(circumstance, moment, name): &(Circumstance, Moment, &str)| {
        let others = *circumstance == Circumstance::Colleague && *moment == Moment::Intended;
        match name.starts_with("hv") {
            // What a colleague began they complete, too.
            true if others => 2,
            true => 3,
            false => 2,
        }
    };
    let each: usize = points.iter().map(sends).sum();
    assert_eq!(deaths, each);
    assert!(deaths > if all() { 570 } else { 230 }, "{deaths}");
}

#[test]
fn a_run_whose_every_runner_lives_for_one_more_record_ends_all_the_same() {
    block_on(async {
        let begun = Instant::now();
        let (plan, wanted) = undisturbed().await;
        let ten = Ten::again(Lab::wanted(), &plan).await;
        let book = Book::default();
        let mut lives = 0;
        let closing = loop {
            lives += 1;
            assert!(lives < 1500, "it comes no further: {}", book.story());
            // Questions and jobs are told anew by every runner: what counts is what carries the run on.
            let so_far = AtomicUsize::new(0);
            let second = Death::before(move |_, record| {
                is_progress(record) && so_far.fetch_add(1, Ordering::Relaxed) == 1
            });
            let came = live(&ten.lab, &ten.plan, &book, Some(second), async |q| {
                wants_it_home(q)
            });
            if let Some(closing) = came.await {
                break closing;
            }
        };
        let well = all_is_well(&ten, &book.run(), closing, &wanted).await;
        assert_eq!(well, Ok(()), "{}", book.story());
        println!(
            "kill points: a chain of {lives} runners, {} records, in {:?}",
            book.length(),
            begun.elapsed()
        );
        assert!(lives > 150, "{lives}");
    });
}

/// All of what is else tried in part.
pub fn all() -> bool {
    std::env::var("FAILBACK_KILL_POINTS").is_ok_and(|wanted| wanted == "all")
}

/// Every third of what is tried in part: with three generations in their order, that is one of each.
fn is_wanted(place: usize) -> bool {
    all() || place.is_multiple_of(3)
}

fn how_many() -> &'static str {
    match all() {
        true => "all",
        false => "every third (FAILBACK_KILL_POINTS=all: all)",
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    runtime.block_on(future)
}
