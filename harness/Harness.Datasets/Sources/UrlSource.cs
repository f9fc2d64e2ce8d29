using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;

namespace Harness.Datasets.Sources;

/// <summary>
/// The official address. A download goes to <c>file.part</c> in the cache, resumes where it broke off (HTTP Range), and is tried
/// <see cref="Attempts"/> times with doubling waits; the part is deleted once it was read, whether its content was right or not.
/// </summary>
sealed class UrlSource(HttpClient client, DirectoryInfo cache, TimeProvider time) : IFileSource
{
    public const int Attempts = 5;
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    public async ValueTask<Offer> OpenAsync(DataFile file, CancellationToken cancellation)
    {
        if (file.Url is not { } url) return Offer.None("official address", "this file has none");
        var part = new FileInfo(FileStore.Locate(cache, file).FullName + ".part");
        if (await DownloadAsync(new Uri(url), part, Limit(file), cancellation) is { } problem) return Offer.None(url, problem);
        var content = new FileStream(part.FullName, FileMode.Open, FileAccess.Read, FileShare.None, 1 << 16, FileOptions.DeleteOnClose);
        return Offer.Of(url, IsWrapped(file.Name, url) ? new GZipStream(content, CompressionMode.Decompress) : content);
    }

    static bool IsWrapped(string name, string url) =>
        url.EndsWith(".gz", StringComparison.Ordinal) && !name.EndsWith(".gz", StringComparison.Ordinal);

    // Compressed data are at most slightly longer than plain ones, so a longer answer cannot be the pinned file.
    static long Limit(DataFile file) => file.Bytes is { } bytes ? bytes + bytes / 100 + (1 << 16) : long.MaxValue;

    async ValueTask<string?> DownloadAsync(Uri url, FileInfo part, long limit, CancellationToken cancellation)
    {
        var wait = FirstWait;
        for (var attempt = 1; ; attempt++, wait *= 2)
        {
            var (problem, worthRetrying) = await TryAsync(url, part, limit, cancellation);
            if (problem is null) return null;
            if (!worthRetrying) return problem;
            if (attempt == Attempts) return $"{problem} (after {Attempts} attempts)";
            await Task.Delay(wait, time, cancellation);
        }
    }

    async ValueTask<(string? Problem, bool WorthRetrying)> TryAsync(Uri url, FileInfo part, long limit, CancellationToken cancellation)
    {
        using var stall = new CancellationTokenSource(Stall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stall.Token);
        try
        {
            return await AttemptAsync(url, part, limit, () => stall.CancelAfter(Stall), either.Token);
        }
        catch (HttpRequestException error)
        {
            return (error.Message, error.HttpRequestError != HttpRequestError.NameResolutionError);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return ($"nothing arrived for {Stall.TotalSeconds:0} s", true);
        }
    }

    async ValueTask<(string?, bool)> AttemptAsync(Uri url, FileInfo part, long limit, Action alive, CancellationToken cancellation)
    {
        part.Refresh();
        var have = part.Exists ? part.Length : 0;
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        if (have > 0) request.Headers.Range = new RangeHeaderValue(have, to: null);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            if (response.Content.Headers.ContentRange?.Length == have) return (null, false);
            part.Delete();
            return ($"{url} no longer matches the part that was kept; it was deleted", true);
        }
        if (!response.IsSuccessStatusCode) return (Refusal(response), MayPass(response.StatusCode));
        var resumed = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        using var target = new FileStream(part.FullName, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        if (resumed) target.Position = have;
        else target.SetLength(0);
        using var source = await response.Content.ReadAsStreamAsync(cancellation);
        return await CopyAsync(source, target, limit, alive, cancellation)
            ? (null, false)
            : ($"the answer is longer than {limit:N0} bytes, so it cannot be the pinned file", false);
    }

    static async ValueTask<bool> CopyAsync(Stream source, FileStream target, long limit, Action alive, CancellationToken cancellation)
    {
        var buffer = new byte[1 << 16];
        for (int count; (count = await ReceiveAsync(source, buffer, cancellation)) > 0; alive())
        {
            await target.WriteAsync(buffer.AsMemory(0, count), cancellation);
            if (target.Position <= limit) continue;
            target.SetLength(0);
            return false;
        }
        return true;
    }

    // Told apart from a failure to write, which no retry mends.
    static async ValueTask<int> ReceiveAsync(Stream source, byte[] buffer, CancellationToken cancellation)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellation);
        }
        catch (IOException error)
        {
            throw new HttpRequestException(HttpRequestError.ResponseEnded, $"the connection broke: {error.Message}", error);
        }
    }

    static string Refusal(HttpResponseMessage response) => $"the server answered {(int)response.StatusCode} {response.ReasonPhrase}";

    static bool MayPass(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || (int)status >= 500;
}
