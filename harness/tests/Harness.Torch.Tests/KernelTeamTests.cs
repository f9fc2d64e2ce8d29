using TorchSharp;

namespace Harness.Torch.Tests;

public sealed class KernelTeamTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1000)]
    [InlineData(2, 1)]
    [InlineData(2, 7)]
    [InlineData(2, 1001)]
    [InlineData(3, 1000)]
    public void Every_index_is_worked_on_exactly_once(int threads, int count)
    {
        TorchThreads.Use(threads);
        var visits = new int[count];
        KernelTeam.For(count, (first, end) => { for (var i = first; i < end; i++) Interlocked.Increment(ref visits[i]); });
        Assert.All(visits, visit => Assert.Equal(1, visit));
    }

    [Fact]
    public void Two_threads_share_the_work()
    {
        TorchThreads.Use(2);
        var threads = new System.Collections.Concurrent.ConcurrentDictionary<int, bool>();
        KernelTeam.For(2, (_, _) => threads[Environment.CurrentManagedThreadId] = true);
        Assert.Equal(2, threads.Count);
    }

    [Fact]
    public void A_failing_body_fails_the_caller()
    {
        TorchThreads.Use(2);
        var error = Assert.Throws<InvalidOperationException>(
            () => KernelTeam.For(2, (_, _) => throw new InvalidOperationException("broken")));
        Assert.Equal("broken", error.Message);
    }

    [Fact]
    public void An_empty_range_calls_nothing() => KernelTeam.For(0, (_, _) => Assert.Fail("called"));

    [Fact]
    public unsafe void A_kernel_reads_and_writes_tensor_memory()
    {
        TorchSession.Begin(1, 1);
        using var tensor = torch.arange(5, torch.float32);
        var data = TensorMemory.Floats(tensor);
        data[2] = 42;
        Assert.Equal([0f, 1f, 42f, 3f, 4f], tensor.data<float>().ToArray());
    }

    [Fact]
    public unsafe void Memory_of_a_strided_or_foreign_tensor_is_refused()
    {
        TorchSession.Begin(1, 1);
        using var matrix = torch.ones(2, 3);
        using var transposed = matrix.t();
        using var integers = torch.ones(3, torch.int64);
        Assert.Throws<ArgumentException>(() => { _ = TensorMemory.Floats(transposed); });
        Assert.Throws<ArgumentException>(() => { _ = TensorMemory.Floats(integers); });
    }
}
