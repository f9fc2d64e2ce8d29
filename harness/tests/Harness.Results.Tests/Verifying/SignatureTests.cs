using System.Text.Json.Nodes;
using Harness.Results.Signing;
using Harness.Results.Storage;

namespace Harness.Results.Tests.Verifying;

public sealed class SignatureTests : StoreTest
{
    readonly SigningKey _key = SigningKey.Create();
    readonly SigningKey _other = SigningKey.Create();

    Trust Mine => new([_key.Public]);

    [Fact]
    public async Task Signed_runs_are_counted_for_their_key()
    {
        await AppendAsync(_key, Example.Run(0), Example.Run(1));
        using var store = ResultStore.OpenForReading(Folder);
        var report = await store.VerifyAsync(Mine, Cancellation);
        Assert.Empty(report.Problems);
        Assert.Equal((2, 0, 2), (report.Runs, report.Unsigned, report.Signed[_key.Public.Id]));
    }

    [Fact]
    public async Task An_edited_metric_is_found_even_if_every_hash_and_the_chain_are_made_again()
    {
        await AppendAsync(_key, Example.Run(0), Example.Run(1));
        await ForgeAsync(RunOf(0), text => text.Replace("\"value\":0.9,", "\"value\":0.99,"));
        await RelinkAsync(_ => true);
        var problems = await VerifyAsync(Mine);
        Assert.Contains(problems, problem => problem is { File: "run.json.sig" }
            && problem.Message.Contains("changed after it was signed"));
        Assert.Contains(problems, problem => problem.File == "chain.log");
        // The hashes were all made to fit: nothing but signatures shows it.
        Assert.All(problems, problem => Assert.Contains("sign", problem.Message));
    }

    [Fact]
    public async Task A_forger_who_signs_with_another_key_is_not_trusted()
    {
        await AppendAsync(_other, Example.Run(0));
        Assert.Empty(await VerifyAsync(Trust.None));
        Assert.All(await VerifyAsync(Mine), problem => Assert.Contains("do not trust", problem.Message));
        Assert.Equal(["chain.log", "run.json.sig"], (await VerifyAsync(Mine)).Select(problem => problem.File).Order());
    }

    [Fact]
    public async Task A_line_that_is_taken_out_is_missed_even_if_the_rest_is_linked_again()
    {
        await AppendAsync(_key, Example.Run(0), Example.Run(1), Example.Run(2));
        Directory.Delete(RunOf(1), recursive: true);
        await RelinkAsync(entry => entry.RunId != Example.Id(1));
        Assert.Equal(["line 2"], (await VerifyAsync(Mine)).Select(problem => problem.Message.Split(',')[0]));
    }

    [Fact]
    public async Task A_run_that_is_put_in_with_a_chain_line_of_its_own_has_no_signature()
    {
        await AppendAsync(_key, Example.Run(0));
        await AppendAsync(Example.Run(1));
        Assert.Equal(["chain.log"], (await VerifyAsync(Mine)).Select(problem => problem.File));
        Assert.Contains((await VerifyAsync(new([_key.Public], Required: true))), problem => problem.Message == "the run is not signed.");
    }

    [Fact]
    public async Task A_stripped_signature_is_missed()
    {
        await AppendAsync(_key, Example.Run(0));
        File.Delete(Path.Combine(RunOf(0), "run.json.sig"));
        Assert.Contains(await VerifyAsync(Mine), problem => problem is { File: "run.json.sig", Message: "the file is missing." });
        var list = Path.Combine(RunOf(0), "artifacts.sha256");
        var unsigned = (await File.ReadAllLinesAsync(list, Cancellation)).Where(line => !line.EndsWith(".sig"));
        await File.WriteAllLinesAsync(list, unsigned, Cancellation);
        await RelinkAsync(_ => true);
        Assert.Contains(await VerifyAsync(Mine), problem => problem.Message.Contains("was signed, but it has no signature"));
    }

    [Fact]
    public async Task Every_flipped_bit_of_a_signed_store_is_found()
    {
        await AppendAsync(_key, Example.Run(0));
        using (var store = await OpenAsync(key: _key))
            await store.AppendAsync(new Occurrence(Example.Start, "os_update", "laptop", "kernel 6.2"), Cancellation);
        var random = new Random(3);
        var files = Folder.EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Length > 0 && file.Name != "SCHEMA");
        foreach (var file in files.ToList())
        {
            var good = await File.ReadAllBytesAsync(file.FullName, Cancellation);
            foreach (var position in Enumerable.Range(0, 6).Select(_ => random.Next(good.Length)).Append(0).Append(good.Length - 1))
            {
                var bad = good.ToArray();
                bad[position] ^= (byte)(1 << random.Next(8));
                await File.WriteAllBytesAsync(file.FullName, bad, Cancellation);
                Assert.True((await VerifyAsync(Mine)).Count > 0, $"bit of byte {position} of {file.Name}");
            }
            await File.WriteAllBytesAsync(file.FullName, good, Cancellation);
        }
        Assert.Empty(await VerifyAsync(Mine));
    }

    [Fact]
    public void A_key_is_made_once_for_its_owner_only_and_read_again()
    {
        var file = new FileInfo(PathOf("keys", "signing.pem"));
        using var made = SigningKey.OpenOrCreate(file);
        file.Refresh();
        using var again = SigningKey.OpenOrCreate(file);
        Assert.Equal(made.Public, again.Public);
        Assert.Equal(made.Public, PublicKey.FromPem(made.Public.ToPem(), "test"));
        if (!OperatingSystem.IsLinux()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        file.UnixFileMode |= UnixFileMode.OtherRead;
        Assert.Contains("chmod 600", Assert.Throws<HarnessException>(() => SigningKey.OpenOrCreate(file)).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    public void A_file_that_is_no_key_is_refused_and_named(string text)
    {
        File.WriteAllText(PathOf("bad.pem"), text);
        if (OperatingSystem.IsLinux()) File.SetUnixFileMode(PathOf("bad.pem"), UnixFileMode.UserRead);
        Assert.Contains("bad.pem", Assert.Throws<HarnessException>(() => SigningKey.OpenOrCreate(new(PathOf("bad.pem")))).Message);
    }

    // Edits run.json and makes the list of hashes fit again.
    static async Task ForgeAsync(string run, Func<string, string> edit)
    {
        var envelope = Path.Combine(run, "run.json");
        var before = RunFiles.Hash(await File.ReadAllBytesAsync(envelope, Cancellation));
        await File.WriteAllTextAsync(envelope, edit(await File.ReadAllTextAsync(envelope, Cancellation)), Cancellation);
        var after = RunFiles.Hash(await File.ReadAllBytesAsync(envelope, Cancellation));
        Assert.NotEqual(before, after);
        var list = Path.Combine(run, "artifacts.sha256");
        await File.WriteAllTextAsync(list, (await File.ReadAllTextAsync(list, Cancellation)).Replace(before, after), Cancellation);
    }

    // Writes the chain again over what lies in the folders now, as a forger without the key would.
    async Task RelinkAsync(Func<ChainEntry, bool> keep)
    {
        var link = Chain.Start;
        var lines = new List<string>();
        foreach (var (line, entry) in Chain.Read(Folder.FullName).Where(line => keep(line.Entry!)))
        {
            var folder = new RunFolder(Folder.FullName, entry!.Folder);
            var members = JsonNode.Parse(line)!;
            members["previous"] = link;
            members["runHash"] = folder.Listed()["run.json"];
            members["artifacts"] = await folder.ArtifactsHashAsync(Cancellation);
            lines.Add(CanonicalJson.Write(members));
            link = Chain.Link(lines[^1]);
        }
        await File.WriteAllTextAsync(PathOf("chain.log"), string.Concat(lines.Select(line => line + "\n")), Cancellation);
        Directory.Delete(PathOf("index"), recursive: true);
    }
}
