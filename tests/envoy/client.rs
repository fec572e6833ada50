//! A small client of HTTP/1.1 that sends exactly the bytes that it is given.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// The head of an answer, the names of headers in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
}

impl Reply {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// A connection that is kept as long as the server keeps it.
#[derive(Debug)]
pub(crate) struct Client {
    address: SocketAddr,
    stream: Option<BufReader<TcpStream>>,
}

impl Client {
    /// A client of an address. Nothing is connected yet.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// The answer to a request, of which the bytes of the head are given. A connection that the server has closed
    /// meanwhile is made again, once.
    pub(crate) fn ask(&mut self, head: &[u8]) -> io::Result<Reply> {
        let is_old = self.stream.is_some();
        match self.try_ask(head) {
            Err(_) if is_old => {
                self.stream = None;
                self.try_ask(head)
            }
            answer => answer,
        }
        .map(|(reply, _)| reply)
    }

    fn try_ask(&mut self, head: &[u8]) -> io::Result<(Reply, Vec<u8>)> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect_timeout(&self.address, PATIENCE)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                stream.set_nodelay(true)?;
                BufReader::new(stream)
            }
        };
        stream.get_mut().write_all(head)?;
        let reply = read_head(&mut stream)?;
        let body = read_body(&mut stream, &reply, head.starts_with(b"HEAD "))?;
        if reply.header("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close")) {
            self.stream = Some(stream);
        }
        Ok((reply, body))
    }
}

/// Asks for a page on a connection of its own: its status and its text.
pub(crate) fn get(address: SocketAddr, target: &str) -> io::Result<(u16, String)> {
    let head = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    let (reply, body) = Client::new(address).try_ask(head.as_bytes())?;
    Ok((reply.status, String::from_utf8_lossy(&body).into_owned()))
}

fn bad(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what.to_owned())
}

fn read_line(stream: &mut BufReader<TcpStream>) -> io::Result<String> {
    let mut line = Vec::new();
    stream.read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

fn read_head(stream: &mut BufReader<TcpStream>) -> io::Result<Reply> {
    let first = read_line(stream)?;
    let status = first.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or_else(|| bad(&first))?;
    let mut headers = Vec::new();
    loop {
        let line = read_line(stream)?;
        if line.is_empty() {
            return Ok(Reply { status, headers });
        }
        let (name, value) = line.split_once(':').ok_or_else(|| bad(&line))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

fn read_body(stream: &mut BufReader<TcpStream>, reply: &Reply, is_head: bool) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    if is_head || reply.status == 204 || reply.status == 304 {
        return Ok(body);
    }
    if reply.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked")) {
        loop {
            let line = read_line(stream)?;
            let length = u64::from_str_radix(&line, 16).map_err(|_| bad(&line))?;
            stream.by_ref().take(length).read_to_end(&mut body)?;
            read_line(stream)?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
    let length = reply.header("content-length").map_or(Ok(0), str::parse).map_err(|_| bad("content-length"))?;
    stream.by_ref().take(length).read_to_end(&mut body)?;
    Ok(body)
}
