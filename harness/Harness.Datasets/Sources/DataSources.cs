namespace Harness.Datasets.Sources;

/// <summary>
/// Where dataset files come from, tried in this order: the cache, <paramref name="Data"/>, the official address, an installed
/// Debian package, a generator. Whatever the source, the content must have the pinned size and hash.
/// </summary>
/// <param name="Data">A folder with files under their protocol names, plain or gzipped; null is none.</param>
/// <param name="Offline">True: no network access; what is missing is listed with size, hash and address.</param>
/// <param name="Time">Paces retries and waits for locks.</param>
public sealed record DataSources(DirectoryInfo? Data, bool Offline, TimeProvider Time)
{
    static readonly Lock Gate = new();
    static DataSources? chosen;

    /// <summary>Where Debian packages such as <c>dataset-fashion-mnist</c> install their files.</summary>
    public DirectoryInfo Packages { get; init; } = new("/usr/share/datasets");

    /// <summary>Carries HTTP requests; null is the network.</summary>
    public HttpMessageHandler? Transport { get; init; }

    /// <summary>What datasets use that were given no sources of their own: <see cref="Use"/>, else <see cref="FromEnvironment"/>.</summary>
    public static DataSources Default
    {
        get { lock (Gate) return chosen ??= FromEnvironment(); }
    }

    /// <summary>Chooses <see cref="Default"/>; for the composition root, once, before any dataset is fetched.</summary>
    public static void Use(DataSources sources)
    {
        lock (Gate)
        {
            if (chosen is not null)
                throw new InvalidOperationException("The default data sources are already in use; choose them once, at the start.");
            chosen = sources;
        }
    }

    /// <summary>
    /// Reads HARNESS_DATA (a folder) and HARNESS_OFFLINE (<c>1</c> or <c>true</c>). Without HARNESS_DATA, the folder
    /// <c>shared/data</c> beside a source checkout is used if it exists.
    /// </summary>
    public static DataSources FromEnvironment()
    {
        var named = Environment.GetEnvironmentVariable("HARNESS_DATA");
        if (!string.IsNullOrEmpty(named) && !Directory.Exists(named))
            throw new HarnessException($"HARNESS_DATA names '{named}', which is not a folder; correct or unset it.");
        var offline = Environment.GetEnvironmentVariable("HARNESS_OFFLINE") switch
        {
            null or "" or "0" or "false" => false,
            "1" or "true" => true,
            var value => throw new HarnessException($"HARNESS_OFFLINE is '{value}'; allowed are 1, true, 0, false."),
        };
        var data = string.IsNullOrEmpty(named) ? BesideCheckoutOrNull() : new DirectoryInfo(named);
        return new DataSources(data, offline, TimeProvider.System);
    }

    /// <summary>Brings all files into the cache, verified; says everything that is missing at once.</summary>
    /// <param name="package">Debian package that holds the files, if there is one.</param>
    /// <param name="generate">Writes a file's content, if it can be computed.</param>
    /// <exception cref="DataUnavailableException">A file is missing everywhere or is not the pinned one.</exception>
    internal async ValueTask FetchAsync(IReadOnlyList<DataFile> files, DirectoryInfo cache, CancellationToken cancellation,
        string? package = null, Action<DataFile, Stream, CancellationToken>? generate = null)
    {
        if (files.All(file => FileStore.IsStamped(cache, file))) return;
        using var client = new HttpClient(Transport ?? new SocketsHttpHandler(), disposeHandler: Transport is null);
        client.Timeout = Timeout.InfiniteTimeSpan; // a stalled transfer is noticed by UrlSource
        var sources = Order(client, cache, package, generate);
        var problems = new List<DataUnavailableException>();
        foreach (var file in files)
            try
            {
                await FileStore.PutAsync(cache, file, sources, Time, cancellation);
            }
            catch (DataUnavailableException problem)
            {
                problems.Add(problem);
            }
        if (problems.Count > 0)
            throw new DataUnavailableException(string.Join('\n', problems.Select(problem => problem.Message)), problems[0]);
    }

    List<IFileSource> Order(HttpClient client, DirectoryInfo cache, string? package,
        Action<DataFile, Stream, CancellationToken>? generate)
    {
        List<IFileSource> sources = [];
        sources.Add(Data is null ? new AbsentSource("HARNESS_DATA", "not set") : new FolderSource(Data, "HARNESS_DATA", "put it there"));
        sources.Add(Offline ? new AbsentSource("official address", "offline") : new UrlSource(client, cache, Time));
        if (package is not null) sources.Add(new FolderSource(Packages, "Debian package", $"run: apt-get install {package}"));
        if (generate is not null) sources.Add(new GeneratorSource(generate, cache));
        return sources;
    }

    static DirectoryInfo? BesideCheckoutOrNull()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "harness.sln")))
                return new DirectoryInfo(Path.Combine(folder.FullName, "..", "shared", "data")) is { Exists: true } data ? data : null;
        return null;
    }

    sealed class AbsentSource(string place, string problem) : IFileSource
    {
        public ValueTask<Offer> OpenAsync(DataFile file, CancellationToken cancellation) =>
            ValueTask.FromResult(Offer.None(place, problem));
    }
}
