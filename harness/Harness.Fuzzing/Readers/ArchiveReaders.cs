using System.IO.Compression;
using Harness.Datasets.Formats;
using Harness.Datasets.Images;
using Harness.Datasets.Lra;
using Harness.Datasets.Text;

namespace Harness.Fuzzing.Readers;

static class ArchiveReaders
{
    const int Limit = 1 << 20;

    static readonly (string, byte[])[] Files =
        [("a/one.txt", Content.Text("one")), ("a/two.bin", new byte[3000]), ("b.csv", Content.Text("1,2"))];
    static readonly byte[] Plain = Content.Tar(Files);

    /// <summary>Readers of packed archives get them damaged outside; those named <c>…-inside</c> are packed after the damage.</summary>
    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("tar", [Plain], content => Content.InFile(content, "a.tar", Everything)),
        new("tar-gzip", [Content.Gzip(Plain)], content => Content.InFile(content, "a.tar.gz", Everything)),
        new("tar-gzip-inside", [Plain], content => Content.InFile(Content.Gzip(content), "a.tar.gz", Everything)),
        new("zip", [Content.Zip(CompressionLevel.Optimal, Files), Content.Zip(CompressionLevel.NoCompression, Files)],
            content => Content.InFile(content, "a.zip", Everything)),
        new("cifar10-inside", [Cifar()], content => Content.InFile(Content.Gzip(content), "cifar.tar.gz",
            file => Content.Drain(Cifar10.Read(file, Split.Train)))),
        new("imdb-inside", [Reviews()], content => Content.InFile(Content.Gzip(content), "imdb.tar.gz",
            file => Content.Drain(ImdbReviews.FromArchive(file, Split.Train, validation: 2)))),
        new("lra-pathfinder", [Pathfinder()], content => Content.InFile(content, "pathfinder.tar", file =>
        {
            foreach (var split in Enum.GetValues<Split>()) Content.Drain(OfficialPathfinder.Of32.Read(file, split));
        })),
    ];

    static void Everything(FileInfo archive)
    {
        Archive.Names(archive, _ => true);
        Content.Drain(Archive.Files(archive, _ => true, Limit));
        Content.Drain(Archive.Shuffled(archive, Archive.Names(archive, _ => true), seed: 1, Limit));
    }

    static byte[] Cifar() => Content.Tar([.. Enumerable.Range(1, 5)
        .Select(batch => ($"cifar-10-batches-bin/data_batch_{batch}.bin", new byte[3073]))]);

    static byte[] Reviews() => Content.Tar([.. Enumerable.Range(0, 6)
        .Select(i => ($"aclImdb/train/{(i % 2 == 0 ? "neg" : "pos")}/{i}_{i}.txt", Content.Text($"film {i}")))]);

    static byte[] Pathfinder()
    {
        const string Set = "pathfinder32/curv_contour_length_14/";
        var lines = string.Concat(Enumerable.Range(0, 10).Select(i => $"imgs/0 sample_{i}.png {i} {i % 2} 1.8 6 2.0 5 1.5 2 1\n"));
        return Content.Tar([(Set + "metadata/0.npy", Content.Text(lines)),
            .. Enumerable.Range(0, 10).Select(i => ($"{Set}imgs/0/sample_{i}.png", ImageReaders.GrayPng))]);
    }
}
