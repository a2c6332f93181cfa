//! Files that a command reads and writes. `-` is standard input or output.

use crate::exit::Failure;
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Read, Write};
use std::path::Path;

/// A file longer than this is no configuration or mapping table.
const LONGEST: u64 = 32 * 1024 * 1024;

/// Whether a name means standard input or output.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The whole text of a file.
///
/// # Errors
/// When it can't be read, is no UTF-8, or is far too long.
pub fn text(path: &Path) -> Result<String, Failure> {
    String::from_utf8(bytes(path)?).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        Failure::usage(format!("{} is not UTF-8 text: byte {at} belongs to no character", path.display()))
    })
}

/// The whole of a file.
///
/// # Errors
/// When it can't be read or is far too long.
pub fn bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if is_standard(path) { whole(std::io::stdin().lock()) } else { File::open(path).and_then(whole) };
    read.map_err(|e| Failure::failed(format!("{} cannot be read: {e}", path.display())))
}

fn whole(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let read = from.take(LONGEST + 1).read_to_end(&mut bytes)?;
    if u64::try_from(read).is_ok_and(|n| n <= LONGEST) {
        return Ok(bytes);
    }
    Err(std::io::Error::new(ErrorKind::FileTooLarge, "it is longer than 32 MiB"))
}

/// Writes a file whole or not at all: what stood there before stays until all of the new is on the disk.
///
/// # Errors
/// `f`'s, and when the file can't be written.
pub fn write<T>(path: &Path, f: impl FnOnce(&mut dyn Write) -> Result<T, Failure>) -> Result<T, Failure> {
    if is_standard(path) {
        let mut out = BufWriter::new(Watched { gone: false });
        let done = f(&mut out);
        let flushed = out.flush();
        return match done {
            Err(_) | Ok(_) if out.get_ref().gone => Err(Failure::NobodyReads),
            Ok(done) => flushed.map(|()| done).map_err(|e| unwritten(path, &e)),
            Err(failure) => Err(failure),
        };
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut out = BufWriter::new(tempfile::NamedTempFile::new_in(folder).map_err(|e| unwritten(path, &e))?);
    let done = f(&mut out)?;
    let file = out.into_inner().map_err(|e| unwritten(path, e.error()))?;
    file.as_file().sync_all().map_err(|e| unwritten(path, &e))?;
    file.persist(path).map_err(|e| unwritten(path, &e.error))?;
    Ok(done)
}

/// Standard output that remembers whether its reader has gone.
struct Watched {
    gone: bool,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = std::io::stdout().lock().write(bytes);
        self.gone |= written.as_ref().is_err_and(|e| e.kind() == ErrorKind::BrokenPipe);
        written
    }

    fn flush(&mut self) -> std::io::Result<()> {
        let flushed = std::io::stdout().lock().flush();
        self.gone |= flushed.as_ref().is_err_and(|e| e.kind() == ErrorKind::BrokenPipe);
        flushed
    }
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("{} cannot be written: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_leaves_the_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "before").unwrap();
        let failed = write(&path, |out| {
            out.write_all(b"half").unwrap();
            Err::<(), _>(Failure::failed("no"))
        });
        assert!(failed.is_err());
        assert_eq!(text(&path).unwrap(), "before");
        write(&path, |out| out.write_all(b"after").map_err(Failure::failed)).unwrap();
        assert_eq!(text(&path).unwrap(), "after");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
