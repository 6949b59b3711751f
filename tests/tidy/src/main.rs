fn main() { 
    let mut r = wit_parser::Resolve::default();
    let (p, _) = r.push_dir("sdk/wit/next").map_err(|e| eprintln!("{e:?}")).unwrap();
    println!("{:?}", r.packages[p].worlds);
}
