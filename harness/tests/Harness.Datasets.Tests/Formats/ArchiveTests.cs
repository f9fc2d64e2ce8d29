using System.IO.Compression;
using System.Text;
using Harness.Datasets.Formats;

namespace Harness.Datasets.Tests.Formats;

public sealed class ArchiveTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static string LongName { get; } = string.Join('/', Enumerable.Repeat("folder", 30)) + "/ü.txt";

    /// <summary>Written by Python's tarfile in each of its formats, names of more than 100 bytes among them.</summary>
    [Theory]
    [InlineData("USTAR", "w")]
    [InlineData("GNU", "w")]
    [InlineData("PAX", "w")]
    [InlineData("GNU", "w:gz")]
    [InlineData("PAX", "w:gz")]
    public async Task Every_tar_format_of_another_program_is_read(string format, string mode)
    {
        var path = _folder.At(mode == "w" ? "a.tar" : "a.tar.gz");
        var name = format == "USTAR" ? string.Join('/', Enumerable.Repeat("folder", 30)) + "/u.txt" : LongName;
        await Python.RunAsync($"""
            import sys, tarfile, io
            with tarfile.open(sys.argv[1], '{mode}', format=tarfile.{format}_FORMAT) as tar:
                folder = tarfile.TarInfo('folder'); folder.type = tarfile.DIRTYPE; tar.addfile(folder)
                for name, content in [('a.txt', b'one'), (sys.argv[2], b'x' * 700), ('empty', b''), ('b.txt', b'two')]:
                    info = tarfile.TarInfo(name); info.size = len(content); tar.addfile(info, io.BytesIO(content))
            """, [], path, name);
        var archive = new FileInfo(path);
        Assert.Equal(["a.txt", name, "empty", "b.txt"], Archive.Names(archive, _ => true));
        Assert.Equal([("a.txt", "one"), (name, new string('x', 700)), ("empty", ""), ("b.txt", "two")],
            Archive.Files(archive, _ => true).Select(file => (file.Name, Encoding.ASCII.GetString(file.Content))));
        Assert.Equal("two", Encoding.ASCII.GetString(Assert.Single(Archive.Files(archive, file => file == "b.txt")).Content));
    }

    [Fact]
    public void An_order_by_seed_does_not_depend_on_the_archive_or_its_kind()
    {
        string[] names = [.. Enumerable.Range(0, 20).Select(i => $"{i:00}")];
        var (tar, zip, reversed) = (Tar(names), Zip("a.zip", names), Zip("b.zip", [.. names.Reverse()]));
        Assert.Equal(Order(zip), Order(tar));
        Assert.Equal(Order(zip), Order(reversed));
        Assert.NotEqual(names, Order(zip));
        Assert.Equal(names, Order(zip).Order());

        static string[] Order(FileInfo archive) =>
            [.. Archive.Shuffled(archive, Archive.Names(archive, _ => true), seed: 5).Select(file => file.Name)];
    }

    [Fact]
    public void An_entry_beyond_the_limit_or_twice_or_damaged_is_named()
    {
        var tar = Tar("a", "b", "a");
        Assert.Contains("it holds a twice", Problem(() => Archive.Shuffled(tar, ["a"], seed: 1).ToList()));
        Assert.Contains("it unpacks to 1 bytes; allowed are 0", Problem(() => Archive.Files(tar, _ => true, limit: 0).ToList()));
        var zip = Zip("a.zip", "a");
        Assert.Contains("it unpacks to 1 bytes; allowed are 0", Problem(() => Archive.Files(zip, _ => true, limit: 0).ToList()));
        var content = File.ReadAllBytes(tar.FullName);
        content[0]++;
        var damaged = new FileInfo(_folder.Write("damaged.tar", content));
        Assert.Contains("it is not a tar archive, or is damaged", Problem(() => Archive.Names(damaged, _ => true)));
        var cut = new FileInfo(_folder.Write("cut.tar", File.ReadAllBytes(tar.FullName).AsSpan(0, 700)));
        Assert.Contains("it ends inside a file", Problem(() => Archive.Names(cut, _ => true)));
        Assert.Contains("it is not a zip archive", Problem(() => Archive.Names(new(_folder.Write("x.zip", [1, 2, 3])), _ => true)));
    }

    FileInfo Tar(params string[] names)
    {
        var path = _folder.At("a.tar");
        using (var tar = new System.Formats.Tar.TarWriter(File.Create(path)))
            foreach (var name in names)
                tar.WriteEntry(new System.Formats.Tar.UstarTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name)
                { DataStream = new MemoryStream([(byte)name[0]]) });
        return new(path);
    }

    FileInfo Zip(string file, params string[] names)
    {
        var path = _folder.At(file);
        using (var zip = ZipFile.Open(path, ZipArchiveMode.Create))
            foreach (var name in names)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.WriteByte((byte)name[0]);
            }
        return new(path);
    }

    static string Problem(Func<object> read) => Assert.Throws<DataFormatException>(read).Message;
}
