use super::*;

#[test]
fn letters_come_in_their_order_and_until_they_are_settled() {
    let (_keep, folder) = run();
    let wanted: Vec<_> = (0..20).map(|n| letter(&n.to_string())).collect();
    for letter in &wanted {
        folder.put(letter).unwrap();
    }
    let letters =
        |arrived: &[Arrived]| -> Vec<_> { arrived.iter().map(|a| a.letter.clone()).collect() };
    let arrived = folder.take_letters().unwrap();
    assert_eq!(letters(&arrived), wanted);
    assert_eq!(letters(&folder.take_letters().unwrap()), wanted);
    arrived
        .into_iter()
        .take(5)
        .for_each(|a| a.settle().unwrap());
    assert_eq!(letters(&folder.take_letters().unwrap()), wanted[5..]);
}

#[test]
fn what_is_no_letter_is_set_aside_and_holds_no_other_up() {
    let (_keep, folder) = run();
    let inbox = folder.path().join("inbox");
    fs::write(inbox.join("0-garbage.json"), b"\xff\xfe{").unwrap();
    fs::write(inbox.join("1-other.json"), br#"{"request":"explode"}"#).unwrap();
    fs::write(inbox.join("2-large.json"), vec![b' '; 1 << 20]).unwrap();
    fs::create_dir(inbox.join("3-folder.json")).unwrap();
    fs::write(inbox.join(".new-half"), b"{").unwrap();
    folder.put(&letter("good")).unwrap();
    assert_eq!(folder.take_letters().unwrap().len(), 1);
    let mut names: Vec<_> = fs::read_dir(&inbox)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    names.sort();
    let refused = [
        ".new-half",
        ".refused-1",
        ".refused-2",
        ".refused-3",
        ".refused-4",
    ];
    assert_eq!(names, refused);
}
