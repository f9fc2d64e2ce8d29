using Harness.Queue.Blobs;

namespace Harness.Queue.Tests.Blobs;

public sealed class BlobStoreTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("harness-blobs-");
    readonly byte[] _content = [.. Enumerable.Range(0, 1000).Select(index => (byte)(index % 251))];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    FolderBlobStore Store => new(new(Path.Combine(_folder.FullName, "contents")));
    string Hash => BlobHash.Of(_content);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_content_comes_in_pieces_and_goes_on_where_it_was_cut()
    {
        Assert.Equal(400, await Store.WriteAsync("one", Hash, 1000, 0, _content.AsMemory(0, 400), Cancellation));
        Assert.False(await Store.HasAsync(Hash, Cancellation));
        // The answer was lost and the piece comes again; a piece too far on is not taken; another store is another process.
        Assert.Equal(400, await Store.WriteAsync("one", Hash, 1000, 0, _content.AsMemory(0, 400), Cancellation));
        Assert.Equal(400, await Store.WriteAsync("one", Hash, 1000, 700, _content.AsMemory(700, 300), Cancellation));
        Assert.Equal(400, await Store.WriteAsync("one", Hash, 1000, 0, default, Cancellation));
        Assert.Equal(1000, await Store.WriteAsync("one", Hash, 1000, 400, _content.AsMemory(400), Cancellation));
        Assert.True(await Store.HasAsync(Hash, Cancellation));
        Assert.Equal(_content[990..], await Store.ReadAsync(Hash, 990, 100, Cancellation));
        Assert.Equal(1000, await Store.WriteAsync("one", Hash, 1000, 0, _content.AsMemory(0, 400), Cancellation));
    }

    [Fact]
    public async Task A_content_that_is_not_what_its_name_says_is_refused_and_gone()
    {
        var other = _content.ToArray();
        other[500] ^= 1;
        await Assert.ThrowsAsync<BlobTamperedException>(() => Store.WriteAsync("one", Hash, 1000, 0, other, Cancellation).AsTask());
        Assert.False(await Store.HasAsync(Hash, Cancellation));
        Assert.Equal(1000, await Store.WriteAsync("one", Hash, 1000, 0, _content, Cancellation));
    }

    [Fact]
    public async Task Pieces_of_two_devices_do_not_mix()
    {
        var bad = new byte[600];
        await Store.WriteAsync("bad", Hash, 1000, 0, bad, Cancellation);
        await Store.WriteAsync("good", Hash, 1000, 0, _content.AsMemory(0, 600), Cancellation);
        Assert.Equal(1000, await Store.WriteAsync("good", Hash, 1000, 600, _content.AsMemory(600), Cancellation));
        Assert.Equal(_content, await Store.ReadAsync(Hash, 0, 2000, Cancellation));
    }

    [Fact]
    public async Task More_bytes_than_announced_are_not_taken()
    {
        Assert.Equal(0, await Store.WriteAsync("one", Hash, 10, 0, _content, Cancellation));
        Assert.False(await Store.HasAsync(Hash, Cancellation));
    }

    [Theory]
    [InlineData("plan.yaml", true)]
    [InlineData("weights/net-1.bin", true)]
    [InlineData("../plan.yaml", false)]
    [InlineData("a/../../b", false)]
    [InlineData("/etc/passwd", false)]
    [InlineData("a//b", false)]
    [InlineData(".ssh/keys", false)]
    [InlineData("a\\..\\b", false)]
    [InlineData("C:/windows", false)]
    [InlineData("a\nb", false)]
    [InlineData("", false)]
    public void A_name_cannot_leave_its_folder(string name, bool good)
    {
        Assert.Equal(good, ArtefactName.IsGood(name));
        if (!good) Assert.Throws<HarnessException>(() => ArtefactName.PathIn(_folder, name));
    }

    [Fact]
    public void A_name_is_not_followed_through_a_link()
    {
        Directory.CreateSymbolicLink(Path.Combine(_folder.FullName, "out"), "/");
        Assert.Throws<HarnessException>(() => ArtefactName.PathIn(_folder, "out/file"));
        File.CreateSymbolicLink(Path.Combine(_folder.FullName, "file"), "/nowhere");
        Assert.Throws<HarnessException>(() => ArtefactName.PathIn(_folder, "file"));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789")]
    public async Task A_hash_is_64_digits_and_never_a_path(string hash) =>
        await Assert.ThrowsAsync<HarnessException>(() => Store.WriteAsync("one", hash, 4, 0, new byte[4], Cancellation).AsTask());
}
