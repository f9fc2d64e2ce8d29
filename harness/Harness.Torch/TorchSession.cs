using TorchSharp;

namespace Harness.Torch;

/// <summary>Sets what decides a computation's bits before it starts: threads and seed.</summary>
public static class TorchSession
{
    /// <summary>Call first on the thread that trains. Equal seed and thread count give equal bits; another thread count need not.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below one.</exception>
    public static void Begin(int seed, int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        TorchRuntime.Initialize();
        TorchThreads.Use(threads);
        torch.random.manual_seed(seed);
    }
}

/// <summary>How many threads tensors and kernels use, process-wide.</summary>
public static class TorchThreads
{
    static volatile int count;

    /// <summary>The count in force.</summary>
    public static int Count
    {
        get
        {
            if (count > 0) return count;
            TorchRuntime.Initialize();
            return count = torch.get_num_threads();
        }
    }

    public static void Use(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        TorchRuntime.Initialize();
        if (Count == threads) return;
        torch.set_num_threads(threads);
        count = threads;
    }
}
