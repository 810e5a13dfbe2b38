// The least a node's process could be: an event loop, and the libraries of cloudnode loaded but not used.
#include <QCoreApplication>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    return QCoreApplication::exec();
}
