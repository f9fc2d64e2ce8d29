using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Harness.Torch;

/// <summary>
/// Runs managed kernels on the OpenMP threads that libtorch itself uses. A second pool beside them would compete with their spinning
/// workers: the fused neuron kernel was measured 30 times slower on one.
/// </summary>
public static unsafe class KernelTeam
{
    static readonly delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void> Parallel =
        (delegate* unmanaged<delegate* unmanaged<void*, void>, void*, uint, uint, void>)TorchRuntime.ThreadTeamFunction("GOMP_parallel");
    static readonly delegate* unmanaged<int> Member = (delegate* unmanaged<int>)TorchRuntime.ThreadTeamFunction("omp_get_thread_num");
    static readonly delegate* unmanaged<int> Members = (delegate* unmanaged<int>)TorchRuntime.ThreadTeamFunction("omp_get_num_threads");

    sealed class Work(long count, Action<long, long> body)
    {
        public Exception? Failure { get; private set; }

        // Static equal shares: which thread computes what depends only on the count, so results do not vary between runs.
        public void Share(int member, int members)
        {
            try
            {
                var first = (long)((Int128)count * member / members);
                var end = (long)((Int128)count * (member + 1) / members);
                if (end > first) body(first, end);
            }
#pragma warning disable CA1031 // an exception must not cross native frames; it is rethrown by For
            catch (Exception error)
            {
                Failure = error;
            }
#pragma warning restore CA1031
        }
    }

    /// <summary>Calls <paramref name="body"/> with ranges [first, end) that cover 0..<paramref name="count"/>, and waits.</summary>
    /// <exception cref="Exception">What the body threw, from the calling thread.</exception>
    public static void For(long count, Action<long, long> body)
    {
        var threads = (int)Math.Min(TorchThreads.Count, count);
        if (threads < 2)
        {
            if (count > 0) body(0, count);
            return;
        }
        var work = new Work(count, body);
        var handle = GCHandle.Alloc(work);
        try
        {
            Parallel(&Enter, (void*)GCHandle.ToIntPtr(handle), (uint)threads, 0);
        }
        finally
        {
            handle.Free();
        }
        if (work.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
    }

    // The team may be smaller than asked for (nested regions, limits): shares follow the true size.
    [UnmanagedCallersOnly]
    static void Enter(void* work) => ((Work)GCHandle.FromIntPtr((nint)work).Target!).Share(Member(), Members());
}
