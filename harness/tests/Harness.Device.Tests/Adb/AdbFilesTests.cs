using System.Security.Cryptography;
using Harness.Agent.Drivers.Adb;
using Harness.Agent.Drivers.Far;

namespace Harness.Device.Tests.Adb;

public sealed class AdbFilesTests(AdbFixture adb) : IDisposable
{
    readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("files");

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    AdbFiles Files => new(adb.Server, adb.Phone.Serial);
    AdbShell Shell => new(adb.Server, adb.Phone.Serial);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(3_000_001)]
    public async Task A_file_comes_back_as_it_went(int bytes)
    {
        AdbFixture.SkipWithoutAdb();
        var (sent, fetched) = (File("sent"), File("fetched"));
        await System.IO.File.WriteAllBytesAsync(sent.FullName, RandomNumberGenerator.GetBytes(bytes), Cancellation);
        var path = $"{adb.Phone.Folder}/it's {bytes} bytes";

        Assert.True(await Shell.PushAsync(sent, path, Cancellation));
        await Files.PullAsync(path, fetched, Cancellation);

        Assert.Equal(await System.IO.File.ReadAllBytesAsync(sent.FullName, Cancellation),
            await System.IO.File.ReadAllBytesAsync(fetched.FullName, Cancellation));
        Assert.False(await Shell.PushAsync(sent, path, Cancellation));
    }

    [Fact]
    public async Task A_push_that_the_phone_forbids_gives_its_reason()
    {
        AdbFixture.SkipWithoutAdb();
        await System.IO.File.WriteAllTextAsync(File("sent").FullName, "content", Cancellation);

        var error = await Assert.ThrowsAsync<HarnessException>(() => Shell.PushAsync(File("sent"), "/system/app", Cancellation));

        Assert.Contains("Permission denied", error.Message);
    }

    [Fact]
    public async Task A_file_that_the_phone_does_not_have_cannot_be_fetched()
    {
        AdbFixture.SkipWithoutAdb();

        var error = await Assert.ThrowsAsync<HarnessException>(() =>
            Files.PullAsync($"{adb.Phone.Folder}/nothing", File("fetched"), Cancellation));

        Assert.Contains("has no file", error.Message);
    }

    public void Dispose() => folder.Delete(recursive: true);

    FileInfo File(string name) => new(Path.Combine(folder.FullName, name));
}
