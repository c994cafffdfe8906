//! A runner may die at any moment: whoever goes on with its run makes every change exactly once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Mutex;
use std::time::Instant;

use failback::domain::run::Closing;

use crate::lab::Lab;
use crate::mortal::{Death, live};
use crate::run::Book;
use crate::ten::{Ten, all_is_well, standing, wants_it_home};

const POLL: u64 = 10;
const SPEED: f64 = 4000.0;

async fn ten() -> Ten {
    Ten::start(Lab::wanted(), POLL, SPEED).await
}

#[tokio::test]
async fn timing() {
    let begun = Instant::now();
    let ten = ten().await;
    println!("started {:?}", begun.elapsed());
    let begun = Instant::now();
    let book = Book::default();
    let came = live(&ten.lab, &ten.plan, &book, None, async |q| wants_it_home(q)).await;
    println!("ran {:?} {came:?} {} records", begun.elapsed(), book.length());
    let standing = standing(&ten.lab).await;
    println!("{standing:#?}");
    println!("{} requests", ten.lab.requests().await.len());
    let ok = all_is_well(&ten, &book.run(), came.unwrap(), &standing).await;
    println!("{ok:?}");
    if ok.is_err() { println!("{}", book.story()); }
    let _: Option<(BTreeMap<String,String>, AtomicUsize, Ordering, Mutex<()>, Closing, Death)> = None;
}
