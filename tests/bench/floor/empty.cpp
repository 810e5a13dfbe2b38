// The least a node's process could be: an event loop, and the libraries of cloudnode loaded but not used.
// Says so when the loop runs.
#include <QCoreApplication>
#include <QTimer>

#include <cstdio>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    QTimer::singleShot(0, [] {
        std::puts("running");
        std::fflush(stdout);
    });
    return QCoreApplication::exec();
}
