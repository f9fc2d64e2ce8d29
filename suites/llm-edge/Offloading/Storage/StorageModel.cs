namespace Suites.LlmEdge.Offloading.Storage;

/// <summary>
/// Flash memory on a virtual clock: a request of b bytes takes latency + b / bandwidth, so that small requests see a fraction of the
/// bandwidth. Requests that wait together share the latency among up to <see cref="QueueDepth"/> of them.
/// </summary>
/// <param name="Id">Its name in results.</param>
/// <param name="Latency">Seconds of one request beside its transfer.</param>
/// <param name="Bandwidth">Bytes per second of one very long request.</param>
/// <param name="QueueDepth">Requests that are served at a time; 1 for a single queue, where more readers gain nothing.</param>
/// <param name="Granule">Bytes that a request is a multiple of.</param>
sealed record StorageModel(string Id, double Latency, double Bandwidth, int QueueDepth, int Granule)
{
    /// <summary>
    /// Our reconstruction of a phone's flash: about 4 GB/s in long requests and 1 GB/s in random ones of 4 KiB, one queue. Not a
    /// measurement of a device.
    /// </summary>
    public static StorageModel Ufs4Like { get; } = new("ufs4-like", 3.07e-6, 4e9, 1, 4096);

    /// <summary>
    /// Our reconstruction of a laptop's solid state disk: 6.5 GB/s in long requests, 70 µs for a single one, 64 at a time.
    /// </summary>
    public static StorageModel NvmeLike { get; } = new("nvme-like", 70e-6, 6.5e9, 64, 512);

    public static IReadOnlyList<StorageModel> All { get; } = [Ufs4Like, NvmeLike];

    /// <exception cref="HarnessException">There is no such preset.</exception>
    public static StorageModel Of(string id) => All.FirstOrDefault(model => model.Id == id) ?? throw new HarnessException(
        $"The storage '{id}' is not known; there are {string.Join(", ", All.Select(model => model.Id))}.");

    /// <summary>Bytes read for <paramref name="bytes"/>: whole granules.</summary>
    public long Aligned(long bytes) => (bytes + Granule - 1) / Granule * Granule;

    /// <summary>Seconds during which the device serves nothing else.</summary>
    /// <param name="bytesEach">Bytes of each request; rounded up to whole granules.</param>
    public double Busy(long requests, long bytesEach) => requests * (Latency / QueueDepth + Aligned(bytesEach) / Bandwidth);

    /// <summary>Seconds from the end of service to the arrival of the data, in which others are served.</summary>
    public double Delay => Latency - Latency / QueueDepth;
}
