using Suites.LlmEdge.Offloading.Storage;

namespace Suites.LlmEdge.Tests.Offloading;

public sealed class StorageModelTests
{
    [Theory]
    [InlineData("ufs4-like", 4096, 1.0)]
    [InlineData("ufs4-like", 512 * 1024, 3.9)]
    [InlineData("nvme-like", 4096, 2.4)]
    [InlineData("nvme-like", 1024 * 1024, 6.4)]
    public void A_preset_reads_blocks_of_a_size_at_its_stated_speed(string id, int block, double gigabytesPerSecond)
    {
        var storage = StorageModel.Of(id);
        Assert.Equal(gigabytesPerSecond, 1000.0 * block / storage.Busy(1000, block) / 1e9, 0.06);
    }

    [Fact]
    public void A_single_queue_gains_nothing_from_requests_that_wait_and_a_deep_one_does()
    {
        Assert.Equal(0, StorageModel.Ufs4Like.Delay);
        var nvme = StorageModel.NvmeLike;
        Assert.Equal(nvme.Latency + 4096 / nvme.Bandwidth, nvme.Busy(1, 4096) + nvme.Delay, 1e-12);
        Assert.True(nvme.Busy(64, 4096) + nvme.Delay < 3 * (nvme.Busy(1, 4096) + nvme.Delay));
    }

    [Fact]
    public void Reads_are_whole_granules()
    {
        Assert.Equal((4096, 8192), (StorageModel.Ufs4Like.Aligned(1), StorageModel.Ufs4Like.Aligned(4097)));
        Assert.Equal(StorageModel.Ufs4Like.Busy(3, 4096), StorageModel.Ufs4Like.Busy(3, 1));
        Assert.Equal(0, StorageModel.Ufs4Like.Aligned(0));
    }

    [Fact]
    public void An_unknown_preset_is_refused() => Assert.Equal("The storage 'tape' is not known; there are ufs4-like, nvme-like.",
        Assert.Throws<HarnessException>(() => StorageModel.Of("tape")).Message);
}
